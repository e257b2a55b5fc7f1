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

    public CallLimit(
        WorkerSupervisor supervisor, Worker worker, PendingCall call, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        (_supervisor, Worker, _call, _timeout) = (supervisor, worker, call, timeout);
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            _timer = time.CreateTimer(static state => ((CallLimit)state!).TimeIsUp(), this, timeout, Timeout.InfiniteTimeSpan);
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
