using System.Diagnostics;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slot that kills workers in the middle of calls and measures how the pool recovers.</summary>
internal static class RecoveryHandler
{
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
            var start = await LostWorker.KillInCallAsync(state.Pool);
            noticed.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await LostWorker.AllIdleAsync(state.Pool, workers);
            replaced.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return new RecoveryReply { NoticedMs = new Sample(noticed).Median, ReplacedMs = new Sample(replaced).Median };
    }
}
