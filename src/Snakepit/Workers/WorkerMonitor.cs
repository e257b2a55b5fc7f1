using Microsoft.Extensions.Logging;
using Snakepit.Processes;
using Snakepit.Scheduling;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit.Workers;

/// <summary>
/// Checks one worker at every heartbeat: whether it answers a ping while it is idle, whether a signal has stopped it, and whether it has
/// reached the age or memory size at which it is recycled. Also counts the worker's calls, whose number may be limited too.
/// </summary>
/// <param name="worker">The worker to check.</param>
/// <param name="isIdle">Returns true if the worker runs no call at this moment.</param>
/// <param name="heartbeat">The interval of the heartbeats, and how many of them the worker may miss.</param>
/// <param name="policy">Decides when the worker is recycled.</param>
/// <param name="time">The clock for the interval and the worker's age.</param>
/// <param name="logger">The logger that reports why a worker is killed.</param>
internal sealed class WorkerMonitor(
    PythonWorker worker, Func<bool> isIdle, HeartbeatOptions heartbeat, RecyclePolicy policy, TimeProvider time, ILogger logger)
{
    private int _missed;
    private long _calls;

    /// <summary>
    /// Counts a call that has ended. Returns the reason why the worker should be recycled now; null if it should not be recycled.
    /// </summary>
    public string? CallEnded() => policy.AfterCalls(Interlocked.Increment(ref _calls));

    /// <summary>
    /// Watches the worker until its start has succeeded or failed. A worker that a signal has stopped is killed. Otherwise the start would
    /// last until <see cref="SnakepitOptions.StartTimeout"/>.
    /// </summary>
    public async Task WatchStartAsync(Task start)
    {
        while (!start.IsCompleted)
        {
            if (!await start.EndsWithinAsync(heartbeat.Interval, time).ConfigureAwait(false))
            {
                RecordBeat(missed: ProcessFacts.IsStopped(worker.ProcessId));
            }
        }
    }

    /// <summary>Checks the worker at every heartbeat, from when the worker is ready until it is gone.</summary>
    /// <param name="recycle">
    /// Called with the reason when the worker should be recycled. It is called again at every heartbeat, because a request may be refused:
    /// only one worker of a pool is recycled at a time.
    /// </param>
    /// <param name="stopping">The token that ends the checks.</param>
    public async Task WatchAsync(Action<string> recycle, CancellationToken stopping)
    {
        var ready = time.GetTimestamp();
        while (true)
        {
            await worker.Gone.EndsWithinAsync(heartbeat.Interval, time, stopping).ConfigureAwait(false);
            stopping.ThrowIfCancellationRequested();
            if (worker.Gone.IsCompleted)
            {
                return;
            }

            await BeatAsync(stopping).ConfigureAwait(false);
            var memory = policy.LimitsMemory ? ProcessFacts.ResidentMemory(worker.ProcessId) : 0;
            if (policy.AtAge(time.GetElapsedTime(ready), memory) is { } reason)
            {
                recycle(reason);
            }
        }
    }

    /// <summary>
    /// Checks the worker once. After a missed heartbeat, checks again and again until the worker answers, gets a call or is killed.
    /// </summary>
    private async Task BeatAsync(CancellationToken stopping)
    {
        do
        {
            // A busy worker cannot answer a ping before its call has ended. So its heartbeat counts as missed only if a signal has stopped
            // the worker.
            var missed = isIdle()
                ? !await AnswersAsync(stopping).ConfigureAwait(false) && isIdle()
                : ProcessFacts.IsStopped(worker.ProcessId);
            if (RecordBeat(missed))
            {
                return;
            }
        }
        while (_missed > 0 && isIdle()); // no pause is needed, because the wait for the answer has lasted a whole interval
    }

    /// <summary>
    /// Records whether a heartbeat was missed. Returns true if the worker has missed too many heartbeats in a row and has been killed.
    /// </summary>
    private bool RecordBeat(bool missed)
    {
        _missed = missed ? _missed + 1 : 0;
        if (_missed < heartbeat.MaxMissed)
        {
            return false;
        }

        logger.HeartbeatsMissed(worker.Number, _missed, heartbeat.Interval);
        var why = ProcessFacts.IsStopped(worker.ProcessId) ? "a signal had suspended it" : "it did not answer";
        worker.Kill($"sent by this pool, because the worker had missed {_missed} heartbeats: {why}");
        return true;
    }

    /// <summary>
    /// Tells whether an answer would have been noticed. Answers are read on the thread pool. If its threads are all blocked, the heartbeat
    /// says nothing about the worker.
    /// </summary>
    private async Task<bool> HadThreadsAsync()
    {
        var queued = time.GetTimestamp();
        var started = new TaskCompletionSource();
        ThreadPool.UnsafeQueueUserWorkItem(static started => started.SetResult(), started, preferLocal: false); // behind all that waits
        await started.Task.ConfigureAwait(false);
        return time.GetElapsedTime(queued) < heartbeat.Interval;
    }

    private async Task<bool> AnswersAsync(CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(heartbeat.Interval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            await worker.Connection.PingAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return !await HadThreadsAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            return true; // the worker has ended; SupervisedWorker notices the end and replaces the worker
        }
    }
}
