using System.Diagnostics;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slots that start, inspect and stop pools and templates.</summary>
internal static class StartHandlers
{
    public static async Task<StartReply> StartAsync(HostState state, StartSlot slot)
    {
        var (workers, host) = (state.Fault.WorkersOf(slot.Workers), Environment.CpuUsage.TotalTime);
        var (begun, start) = (TimeProvider.System.GetUtcNow(), Stopwatch.GetTimestamp());
        var pool = slot.Kind == StartKind.Warm
            ? await state.Template.StartPoolAsync(workers)
            : await SnakepitPool.StartAsync(state.Options(workers));
        var (end, returned) = (Stopwatch.GetTimestamp(), TimeProvider.System.GetUtcNow());
        var hostCpu = (Environment.CpuUsage.TotalTime - host).TotalMilliseconds;
        state.Keep(pool);
        var statistics = pool.GetStatistics();
        int[] processes =
        [
            .. statistics.Workers.Select(worker => worker.ProcessId),
            .. statistics.Template is { IsShared: false } own ? [own.ProcessId] : (int[])[],
        ];
        return StartTimes.Of(statistics, begun, returned) with
        {
            Ms = Stopwatch.GetElapsedTime(start, end).TotalMilliseconds,
            CpuMs = hostCpu + processes.Sum(process => KernelCounters.Scheduled(process).Cpu),
            Processes = processes.Length,
        };
    }

    public static async Task<DurationReply> StopAsync(HostState state, StopSlot slot)
    {
        var pool = state.Release();
        var start = Stopwatch.GetTimestamp();
        await pool.DisposeAsync();
        return Since(start);
    }

    public static async Task<DurationReply> StartTemplateAsync(HostState state, TemplateSlot slot)
    {
        var start = Stopwatch.GetTimestamp();
        state.Keep(await SnakepitTemplate.StartAsync(state.Options(slot.Workers)));
        return Since(start);
    }

    public static async Task<DurationReply> StartSequentiallyAsync(HostState state, SequentialStartsSlot slot)
    {
        var pools = new Stack<SnakepitPool>();
        try
        {
            var start = Stopwatch.GetTimestamp();
            while (pools.Count < slot.Workers)
            {
                pools.Push(await SnakepitPool.StartAsync(state.Options(workers: 1) with { WorkerStart = WorkerStart.Spawn }));
            }

            return Since(start);
        }
        finally
        {
            await Task.WhenAll(pools.Select(pool => pool.DisposeAsync().AsTask()));
        }
    }

    public static Task<MemoryReply> MeasureMemory(HostState state, MemorySlot slot) => Task.FromResult(new MemoryReply
    {
        Megabytes = state.Pool.GetStatistics().Workers.Average(worker => KernelCounters.ProportionalMegabytes(worker.ProcessId)),
    });

    private static DurationReply Since(long start) => new() { Ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds };
}
