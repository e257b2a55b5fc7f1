using Microsoft.Extensions.Logging;
using Snakepit.Processes;
using Snakepit.Scheduling;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit.Workers;

/// <summary>Looks at one worker again and again while it lives: whether it answers when it should be idle, how old it is, what it holds.</summary>
/// <param name="worker">The worker.</param>
/// <param name="isIdle">Whether the worker runs no call at this moment.</param>
/// <param name="options">The heartbeat and recycling options, and the clock.</param>
/// <param name="logger">Told why a worker is killed.</param>
internal sealed class WorkerMonitor(PythonWorker worker, Func<bool> isIdle, SnakepitOptions options, ILogger logger)
{
    private readonly RecyclePolicy _policy = new(options.Recycling, worker.Number);
    private int _missed;
    private long _calls;

    /// <summary>A call has ended: why the worker is to be recycled now, if it is.</summary>
    public string? CallEnded() => _policy.AfterCalls(Interlocked.Increment(ref _calls));

    /// <summary>
    /// Waits for the end of a worker's start, whatever it is. One that is stopped from outside meanwhile is killed, or nobody would notice before
    /// <see cref="SnakepitOptions.StartTimeout"/>.
    /// </summary>
    public async Task WatchStartAsync(Task start)
    {
        while (!start.IsCompleted)
        {
            if (!await start.EndsWithinAsync(options.Heartbeat.Interval, options.TimeProvider))
            {
                Count(ProcessFacts.IsStopped(worker.ProcessId));
            }
        }
    }

    /// <summary>
    /// Runs from when the worker is ready until it has gone. Says again and again why it is to be recycled, if it is: that may have to wait until
    /// another one is.
    /// </summary>
    public async Task WatchAsync(Action<string> recycle, CancellationToken stopping)
    {
        var ready = options.TimeProvider.GetTimestamp();
        while (true)
        {
            await PauseAsync(stopping);
            if (worker.Gone.IsCompleted)
            {
                return;
            }

            await BeatAsync(stopping);
            var memory = _policy.LimitsMemory ? ProcessFacts.ResidentMemory(worker.ProcessId) : 0;
            if (_policy.AtAge(options.TimeProvider.GetElapsedTime(ready), memory) is { } reason)
            {
                recycle(reason);
            }
        }
    }

    private async Task PauseAsync(CancellationToken stopping)
    {
        await worker.Gone.EndsWithinAsync(options.Heartbeat.Interval, options.TimeProvider, stopping);
        stopping.ThrowIfCancellationRequested();
    }

    /// <summary>An idle worker has to answer a ping, so many times as are allowed; a busy one must only not have been stopped from outside.</summary>
    private async Task BeatAsync(CancellationToken stopping)
    {
        do
        {
            var missed = isIdle()
                ? !await AnswersAsync(stopping) && isIdle()
                : ProcessFacts.IsStopped(worker.ProcessId);
            if (Count(missed))
            {
                return;
            }
        }
        while (_missed > 0 && isIdle()); // waiting for the answer was pause enough
    }

    /// <summary>Takes note of a heartbeat; true if it was one missed too many, and the worker has been killed.</summary>
    private bool Count(bool missed)
    {
        _missed = missed ? _missed + 1 : 0;
        if (_missed < options.Heartbeat.MaxMissed)
        {
            return false;
        }

        logger.HeartbeatsMissed(worker.Number, _missed, options.Heartbeat.Interval);
        worker.Signal(Signals.Kill);
        return true;
    }

    private async Task<bool> AnswersAsync(CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(options.Heartbeat.Interval, options.TimeProvider);
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
            return true; // it has ended, which is noticed elsewhere
        }
    }
}
