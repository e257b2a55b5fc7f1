using Snakepit.Protocol;
using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>Ends a call's wait when its time is up or its caller gives up, and has the worker reclaimed.</summary>
internal sealed class CallLimit : IDisposable
{
    private readonly WorkerSupervisor _supervisor;
    private readonly PendingCall _call;
    private readonly TimeSpan _timeout;
    private readonly ITimer? _timer;
    private readonly CancellationTokenRegistration _registration;

    /// <param name="supervisor">Who has the worker reclaimed.</param>
    /// <param name="worker">Who runs the call.</param>
    /// <param name="call">What is limited.</param>
    /// <param name="timeout">The limit that its caller knows.</param>
    /// <param name="left">What is left of that.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public CallLimit(
        WorkerSupervisor supervisor, Worker worker, PendingCall call, TimeSpan timeout, TimeSpan left, TimeProvider time, CancellationToken cancellationToken)
    {
        (_supervisor, Worker, _call, _timeout) = (supervisor, worker, call, timeout);
        if (left != Timeout.InfiniteTimeSpan)
        {
            _timer = time.CreateTimer(static state => ((CallLimit)state!).TimeIsUp(), this, left, Timeout.InfiniteTimeSpan);
        }

        _registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((CallLimit)state!).Abandon(new OperationCanceledException(token)), this);
    }

    /// <summary>Who runs the call.</summary>
    public Worker Worker { get; }

    /// <summary>Ends the wait with <paramref name="reason"/>, unless the call has ended.</summary>
    public void Abandon(Exception reason)
    {
        if (_call.Abandon(reason))
        {
            _supervisor.Reclaim(Worker, _call);
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _registration.Dispose();
    }

    private void TimeIsUp() => Abandon(new CallTimeoutException(_call.Tool, _timeout));
}
