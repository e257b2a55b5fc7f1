using Snakepit.Payloads;
using Snakepit.Protocol;

namespace Snakepit.Pooling;

/// <summary>
/// Leases a worker for a call and sends the call; there is no other way for a call to reach a worker. A call that finds an idle worker is
/// sent on the caller's thread. Any other call waits as a <see cref="QueuedCall"/>, which the pool sends. In both cases the caller then
/// awaits the call's result and nothing else. So the caller's code never runs on a thread that still has to read frames.
/// </summary>
internal sealed class CallDispatcher(WorkerPool pool)
{
    /// <summary>Sends a call, or queues it until a worker is free.</summary>
    /// <param name="call">The call to send.</param>
    /// <param name="arguments">The arguments of the call, encoded.</param>
    /// <param name="left">The time that a worker may take for the call.</param>
    /// <param name="cancellationToken">
    /// The caller's token. The caller also has to call <see cref="PendingCall.GiveUp"/> when this token is cancelled.
    /// </param>
    /// <exception cref="SnakepitException">The pool refuses the call; the type of the exception says why.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled already.</exception>
    public void Dispatch(PendingCall call, Payload arguments, TimeSpan left, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var lease = pool.Lease(
            call.Session,
            (pool, call, arguments, left, cancellationToken),
            static (state, now) =>
            {
                var queued = new QueuedCall(state.pool, state.call, state.arguments, state.left, now, state.cancellationToken);
                state.call.Owner = queued;
                return queued;
            });
        lease?.Begin(call, arguments, left);
    }
}
