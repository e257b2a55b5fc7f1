using Microsoft.Extensions.Logging;
using Snakepit.Processes;
using Snakepit.Scheduling;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit.Workers;

/// <summary>
/// Checks one worker at every heartbeat: whether it answers while it is idle, whether a signal has stopped it, and whether it has reached
/// an age, a number of calls or a memory size at which it is recycled.
/// </summary>
/// <param name="worker">The worker.</param>
/// <param name="isIdle">Whether the worker runs no call at this moment.</param>
/// <param name="heartbeat">How often the worker is checked, and how many heartbeats it may miss.</param>
/// <param name="policy">When the worker is recycled.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told why the worker is killed.</param>
internal sealed class WorkerMonitor(
    PythonWorker worker, Func<bool> isIdle, HeartbeatOptions heartbeat, RecyclePolicy policy, TimeProvider time, ILogger logger)
{
    private int _missed;
    private long _calls;

    /// <summary>Counts a call that has ended. Returns the reason why the worker should be recycled now; null if it should not.</summary>
    public string? CallEnded() => policy.AfterCalls(Interlocked.Increment(ref _calls));

    /// <summary>
    /// Waits until a worker's start has succeeded or failed. A worker that a signal has stopped is killed, because otherwise nothing would
    /// happen until <see cref="SnakepitOptions.StartTimeout"/>.
    /// </summary>
    public async Task WatchStartAsync(Task start)
    {
        while (!start.IsCompleted)
        {
            if (!await start.EndsWithinAsync(heartbeat.Interval, time))
            {
                RecordBeat(missed: ProcessFacts.IsStopped(worker.ProcessId));
            }
        }
    }

    /// <summary>Runs from when the worker is ready until it is gone.</summary>
    /// <param name="recycle">
    /// Called with the reason when the worker should be recycled, and again at every heartbeat: only one worker of a pool is recycled at a
    /// time.
    /// </param>
    /// <param name="stopping">Ends the checks.</param>
    public async Task WatchAsync(Action<string> recycle, CancellationToken stopping)
    {
        var ready = time.GetTimestamp();
        while (true)
        {
            await worker.Gone.EndsWithinAsync(heartbeat.Interval, time, stopping);
            stopping.ThrowIfCancellationRequested();
            if (worker.Gone.IsCompleted)
            {
                return;
            }

            await BeatAsync(stopping);
            var memory = policy.LimitsMemory ? ProcessFacts.ResidentMemory(worker.ProcessId) : 0;
            if (policy.AtAge(time.GetElapsedTime(ready), memory) is { } reason)
            {
                recycle(reason);
            }
        }
    }

    /// <summary>Checks the worker once, and after a missed heartbeat again until it answers or is killed.</summary>
    private async Task BeatAsync(CancellationToken stopping)
    {
        do
        {
            // A busy worker cannot answer a ping between two calls, so only a signal that has stopped it counts.
            var missed = isIdle()
                ? !await AnswersAsync(stopping) && isIdle()
                : ProcessFacts.IsStopped(worker.ProcessId);
            if (RecordBeat(missed))
            {
                return;
            }
        }
        while (_missed > 0 && isIdle()); // no pause is needed: the ping has taken a whole interval
    }

    /// <summary>Records a heartbeat. True if the worker has missed too many in a row and has been killed.</summary>
    private bool RecordBeat(bool missed)
    {
        _missed = missed ? _missed + 1 : 0;
        if (_missed < heartbeat.MaxMissed)
        {
            return false;
        }

        logger.HeartbeatsMissed(worker.Number, _missed, heartbeat.Interval);
        worker.Signal(Signals.Kill);
        return true;
    }

    private async Task<bool> AnswersAsync(CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(heartbeat.Interval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            await worker.Connection.PingAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return false;
        }
        catch (IOException)
        {
            return true; // the worker has ended, which its supervisor notices
        }
    }
}
