using System.Diagnostics;
using System.Runtime;
using Snakepit.Benchmarks.Protocol.Slots;
using Activity = Snakepit.Benchmarks.Host.Meters.Activity;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slots that measure what a pool costs that does nothing.</summary>
internal static class IdleHandlers
{
    private static readonly TimeSpan FastBeat = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(150), LongestSettling = TimeSpan.FromSeconds(3);
    private const int CallsUntilOptimised = 40; // a method is compiled again after 30 calls

    public static async Task<EmptyReply> BeatAsync(HostState state, HeartbeatsSlot slot)
    {
        // An answer that takes longer than the interval counts as missed, and must not cost the worker its life here.
        var heartbeat = new HeartbeatOptions { Interval = FastBeat, MaxMissed = int.MaxValue };
        await using var pool = await SnakepitPool.StartAsync(state.Options(slot.Workers) with { Heartbeat = heartbeat });
        await Task.Delay(slot.Milliseconds);
        return new EmptyReply();
    }

    public static async Task<IdleReply> WaitAsync(HostState state, IdleSlot slot)
    {
        var (template, workers) = Processes(state.Pool);
        await SettleAsync([.. template, .. workers]);
        RequireSame(state.Pool, template, workers);

        // This process is read last before and first after the pause, because reading the others wakes it and takes CPU time.
        var (templateBefore, workersBefore) = (Activity.Of(template), Activity.Of(workers));
        var (start, hostBefore) = (Stopwatch.GetTimestamp(), Activity.OfThisProcess());
        await Task.Delay(slot.Milliseconds);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var host = Activity.OfThisProcess().PerSecondSince(hostBefore, seconds);
        RequireSame(state.Pool, template, workers);
        var (forker, called) = (
            Activity.Of(template).PerSecondSince(templateBefore, seconds), Activity.Of(workers).PerSecondSince(workersBefore, seconds));
        return new IdleReply
        {
            HostCpuMs = host.CpuMs,
            TemplateCpuMs = forker.CpuMs,
            WorkersCpuMs = called.CpuMs,
            HostWakeUps = host.WakeUps,
            TemplateWakeUps = forker.WakeUps,
            WorkersWakeUps = called.WakeUps,
        };
    }

    /// <summary>
    /// Waits until the just-in-time compiler has nothing to do. After a start, and after the first readings, it compiles some of the methods
    /// again in the background, which takes more CPU time than an idle pool in many seconds.
    /// </summary>
    private static async Task SettleAsync(int[] processes)
    {
        for (var i = 0; i < CallsUntilOptimised; i++)
        {
            Activity.Of(processes.Take(1));
            Activity.OfThisProcess();
        }

        var start = Stopwatch.GetTimestamp();
        for (long compiled = -1; compiled != JitInfo.GetCompiledMethodCount() && Stopwatch.GetElapsedTime(start) < LongestSettling;)
        {
            compiled = JitInfo.GetCompiledMethodCount();
            await Task.Delay(Quiet);
        }
    }

    private static (int[] Template, int[] Workers) Processes(SnakepitPool pool)
    {
        var statistics = pool.GetStatistics();
        return (
            statistics.Template is { } template ? [template.ProcessId] : [],
            [.. statistics.Workers.Select(worker => worker.ProcessId).Order()]);
    }

    private static void RequireSame(SnakepitPool pool, int[] template, int[] workers)
    {
        var (templateNow, workersNow) = Processes(pool);
        if (!templateNow.SequenceEqual(template) || !workersNow.SequenceEqual(workers))
        {
            throw new InvalidOperationException(
                $"The idle pool has replaced processes: its template and workers were {string.Join(", ", template.Concat(workers))}, "
                + $"and are {string.Join(", ", templateNow.Concat(workersNow))}.");
        }
    }
}
