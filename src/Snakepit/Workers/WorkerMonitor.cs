using Microsoft.Extensions.Logging;
using Snakepit.Processes;
using Snakepit.Scheduling;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit.Workers;

/// <summary>
/// Checks one worker at every <see cref="Heartbeat"/>: whether it answers a ping while it is idle, whether a signal has stopped it, and
/// whether it has reached the age or memory size at which it is recycled. Also counts the worker's calls, whose number may be limited too.
/// </summary>
/// <param name="worker">The worker to check.</param>
/// <param name="isIdle">Returns true if the worker runs no call at this moment.</param>
/// <param name="heartbeat">The interval of the heartbeats, and how many of them the worker may miss.</param>
/// <param name="policy">Decides when the worker is recycled.</param>
/// <param name="time">The clock for the worker's age.</param>
/// <param name="background">Runs the logger, which belongs to the application and may block: the heartbeat must not wait for it.</param>
/// <param name="logger">The logger that reports why a worker is killed.</param>
internal sealed class WorkerMonitor(
    PythonWorker worker,
    Func<bool> isIdle,
    HeartbeatOptions heartbeat,
    RecyclePolicy policy,
    TimeProvider time,
    BackgroundWork background,
    ILogger logger)
{
    private int _missed;
    private long _calls, _ready;
    private ulong _ping;
    private Action<string>? _recycle;

    /// <summary>Whether the worker has been sent a ping that it has not answered.</summary>
    public bool AwaitsAnswer => _ping != 0 && !worker.Connection.Requests.HasAnswered(_ping);

    /// <summary>
    /// Counts a call that has ended. Returns the reason why the worker should be recycled now; null if it should not be recycled.
    /// </summary>
    public string? CallEnded() => policy.AfterCalls(Interlocked.Increment(ref _calls));

    /// <summary>
    /// Tells the monitor that the worker's start has succeeded. From now on, the worker is pinged, and is recycled when its time comes.
    /// </summary>
    /// <param name="recycle">
    /// Called with the reason when the worker should be recycled. It is called again at every heartbeat, because a request may be refused:
    /// only one worker of a pool is recycled at a time. It must not block.
    /// </param>
    public void Ready(Action<string> recycle)
    {
        _ready = time.GetTimestamp();
        Volatile.Write(ref _recycle, recycle);
    }

    /// <summary>
    /// Checks the worker once, without waiting for anything: the answer to a ping is expected by the next heartbeat. A worker that has
    /// missed too many heartbeats in a row is killed.
    /// </summary>
    /// <param name="noticesAnswers">False if an answer could have arrived without being noticed.</param>
    public void Beat(bool noticesAnswers)
    {
        if (Volatile.Read(ref _recycle) is not { } recycle)
        {
            // Without this check, the start of a worker that a signal has stopped would last until SnakepitOptions.StartTimeout.
            Record(missed: ProcessFacts.IsStopped(worker.ProcessId));
            return;
        }

        if (worker.Gone.IsCompleted)
        {
            return; // SupervisedWorker replaces it
        }

        // A busy worker cannot answer a ping before its call has ended. So its heartbeat counts as missed only if a signal has stopped it.
        var idle = isIdle();
        var missed = idle ? AwaitsAnswer && noticesAnswers : ProcessFacts.IsStopped(worker.ProcessId);
        Record(missed);
        if (missed)
        {
            return;
        }

        if (idle && !AwaitsAnswer)
        {
            _ping = worker.Connection.Requests.SendPing();
        }

        var memory = policy.LimitsMemory ? ProcessFacts.ResidentMemory(worker.ProcessId) : 0;
        if (policy.AtAge(time.GetElapsedTime(_ready), memory) is { } reason)
        {
            recycle(reason);
        }
    }

    /// <summary>Records whether a heartbeat was missed. Kills the worker if it has missed too many of them in a row.</summary>
    private void Record(bool missed)
    {
        var count = _missed = missed ? _missed + 1 : 0;
        if (count < heartbeat.MaxMissed)
        {
            return;
        }

        var why = ProcessFacts.IsStopped(worker.ProcessId) ? "a signal had suspended it" : "it did not answer";
        worker.Kill($"sent by this pool, because the worker had missed {count} heartbeats: {why}");
        background.Run(() =>
        {
            logger.HeartbeatsMissed(worker.Number, count, heartbeat.Interval);
            return Task.CompletedTask;
        });
    }
}
