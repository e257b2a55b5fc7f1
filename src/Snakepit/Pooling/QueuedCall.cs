using Snakepit.Payloads;
using Snakepit.Protocol;

namespace Snakepit.Pooling;

/// <summary>
/// A call in the wait queue. The pool sends the call as soon as a worker is free, without waking the caller, who awaits only the result.
/// </summary>
internal sealed class QueuedCall(
    WorkerPool pool, PendingCall call, Payload arguments, TimeSpan left, long since, CancellationToken cancellationToken)
    : QueuedLease(pool, call.Session, since, cancellationToken), ICallOwner
{
    void ICallOwner.Abandon(PendingCall abandoned, Exception reason) => Abandon(reason);

    protected override void OnWaited(TimeSpan queueTime) => call.Observed?.Waited(queueTime);

    protected override void OnGranted(WorkerLease lease)
    {
        if (CancellationToken.IsCancellationRequested)
        {
            Pool.ReturnUnused(lease, Session);
            OnRefused(new OperationCanceledException(CancellationToken));
            return;
        }

        lease.Begin(call, arguments, left);
        if (CancellationToken.IsCancellationRequested)
        {
            // The caller may have cancelled the call while neither the queue nor the connection owned it, so that the cancellation had no
            // effect.
            call.GiveUp(new OperationCanceledException(CancellationToken));
        }
    }

    protected override void OnRefused(Exception reason) => call.Complete(result: default, reason, inline: false);
}
