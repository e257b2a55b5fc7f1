using System.Diagnostics;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>Kills workers of a pool, and waits until the pool has replaced them.</summary>
internal static class LostWorker
{
    /// <summary>Starts a call, kills the worker that runs it, and waits until the call fails. Returns the timestamp of the kill.</summary>
    public static async Task<long> KillInCallAsync(SnakepitPool pool)
    {
        var call = pool.ExecuteAsync("sleep", new { ms = Polling.Patience.TotalMilliseconds });
        var victim = pool.GetStatistics().Workers.Single(worker => worker.CallsInFlight == 1);
        var start = Stopwatch.GetTimestamp();
        Signals.Send(victim.ProcessId, Signals.Kill);
        try
        {
            await call.WaitAsync(Polling.Patience);
        }
        catch (WorkerLostException)
        {
            return start;
        }

        throw new InvalidOperationException($"A call has outlived its worker, process {victim.ProcessId}, which was killed.");
    }

    /// <summary>Waits until a pool has this many idle workers.</summary>
    public static Task AllIdleAsync(SnakepitPool pool, int workers) => Polling.UntilAsync(
        () => pool.GetStatistics().Count(WorkerState.Idle) >= workers, () => $"The pool is not back at {workers} workers");

    /// <summary>Throws if a pool has replaced another number of workers since its start.</summary>
    public static void RequireRestarts(SnakepitPool pool, int expected)
    {
        var statistics = pool.GetStatistics();
        if (statistics.Restarts != expected || statistics.Recycles + statistics.Interruptions > 0)
        {
            throw new InvalidOperationException(
                $"The pool has replaced {statistics.Restarts} lost workers, recycled {statistics.Recycles} and interrupted "
                + $"{statistics.Interruptions}, and {expected} lost workers were expected.");
        }
    }
}
