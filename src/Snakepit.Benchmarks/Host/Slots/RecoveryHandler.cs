using System.Diagnostics;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Samples;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slot that kills workers in the middle of calls and measures how the pool recovers.</summary>
internal static class RecoveryHandler
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<RecoveryReply> RunAsync(HostState state, RecoverySlot slot)
    {
        var random = new Random(slot.Seed);
        var workers = state.Pool.GetStatistics().Workers.Length;
        var (noticed, replaced) = (new List<double>(), new List<double>());
        for (var kill = 0; kill < slot.Count; kill++)
        {
            // Each worker lives for a while before it is killed, because a pool delays the replacement of workers that die soon after their
            // start, and delays it more each time.
            await Task.Delay(TimeSpan.FromMilliseconds(150 + random.Next(50)));
            var start = await KillInCallAsync(state.Pool);
            noticed.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await AllIdleAsync(state.Pool, workers, start);
            replaced.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return new RecoveryReply { NoticedMs = new Sample(noticed).Median, ReplacedMs = new Sample(replaced).Median };
    }

    /// <summary>Starts a call, kills the worker that runs it, and waits until the call fails. Returns the timestamp of the kill.</summary>
    private static async Task<long> KillInCallAsync(SnakepitPool pool)
    {
        var call = pool.ExecuteAsync("sleep", new { ms = Patience.TotalMilliseconds });
        var victim = pool.GetStatistics().Workers.Single(worker => worker.CallsInFlight == 1);
        var start = Stopwatch.GetTimestamp();
        Signals.Send(victim.ProcessId, Signals.Kill);
        try
        {
            await call.WaitAsync(Patience);
        }
        catch (WorkerLostException)
        {
            return start;
        }

        throw new InvalidOperationException($"A call has outlived its worker, process {victim.ProcessId}, which was killed.");
    }

    private static async Task AllIdleAsync(SnakepitPool pool, int workers, long start)
    {
        while (pool.GetStatistics().Count(WorkerState.Idle) < workers)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException($"The pool is not back at {workers} workers after {Patience.TotalSeconds} s.");
            }

            await Task.Delay(1);
        }
    }
}
