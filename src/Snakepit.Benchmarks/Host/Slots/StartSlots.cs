using System.Collections.Immutable;
using System.Diagnostics;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Slots that start and stop pools.</summary>
internal static class StartSlots
{
    /// <summary><c>transport</c> (kind <c>Grpc</c> or <c>Direct</c>): how what is started or used from now on is reached. Without it: gRPC.</summary>
    public static Task<SlotReply> TransportAsync(HostState state, SlotRequest request)
    {
        state.Transport = Enum.Parse<WorkerTransport>(request.Kind);
        return Task.FromResult(new SlotReply(request.Id));
    }

    /// <summary><c>preparation</c> (amount): what is started from now on fits a model for so many seconds first. Without it: the showcase.</summary>
    public static Task<SlotReply> PreparationAsync(HostState state, SlotRequest request)
    {
        state.Preparation = request.Amount;
        return Task.FromResult(new SlotReply(request.Id));
    }

    /// <summary>
    /// <c>start</c> (workers, kind <c>cold</c> or <c>warm</c>): from the call until every worker has answered a ping. <c>cold</c> begins with nothing,
    /// <c>warm</c> with the template of this host.
    /// </summary>
    public static async Task<SlotReply> StartAsync(HostState state, SlotRequest request)
    {
        var (workers, host) = (state.Fault.WorkersOf(request.Workers), Environment.CpuUsage.TotalTime);
        var start = Stopwatch.GetTimestamp();
        var pool = request.Kind == "warm"
            ? await state.Template.StartPoolAsync(workers)
            : await SnakepitPool.StartAsync(state.Options(workers));
        var end = Stopwatch.GetTimestamp();
        var hostCpu = (Environment.CpuUsage.TotalTime - host).TotalMilliseconds;
        state.Keep(pool);
        var processes = pool.ProcessIds;
        return new SlotReply(request.Id)
        {
            Values = StartSteps.Of(pool, start, end).ToImmutableDictionary()
                .Add("ms", Stopwatch.GetElapsedTime(start, end).TotalMilliseconds)
                .Add("cpuMs", hostCpu + processes.Sum(process => ProcessCost.Scheduled(process).Cpu))
                .Add("processes", processes.Length),
        };
    }

    /// <summary><c>stop</c>: disposes the pool.</summary>
    public static async Task<SlotReply> StopAsync(HostState state, SlotRequest request)
    {
        var pool = state.Release();
        var start = Stopwatch.GetTimestamp();
        await pool.DisposeAsync();
        return Milliseconds(request, Stopwatch.GetElapsedTime(start));
    }

    /// <summary><c>template</c>: starts the template that warm starts fork from.</summary>
    public static async Task<SlotReply> TemplateAsync(HostState state, SlotRequest request)
    {
        var start = Stopwatch.GetTimestamp();
        state.Keep(await SnakepitTemplate.StartAsync(state.Options(request.Workers)));
        return Milliseconds(request, Stopwatch.GetElapsedTime(start));
    }

    /// <summary><c>sequential</c> (workers): one fresh interpreter after the other, each ready before the next begins.</summary>
    public static async Task<SlotReply> SequentialAsync(HostState state, SlotRequest request)
    {
        var pools = new Stack<SnakepitPool>();
        try
        {
            var start = Stopwatch.GetTimestamp();
            while (pools.Count < request.Workers)
            {
                pools.Push(await SnakepitPool.StartAsync(state.Options(workers: 1) with { WorkerStart = WorkerStart.Spawn }));
            }

            return Milliseconds(request, Stopwatch.GetElapsedTime(start));
        }
        finally
        {
            await Task.WhenAll(pools.Select(pool => pool.DisposeAsync().AsTask()));
        }
    }

    /// <summary><c>memory</c>: PSS of each worker, the mean.</summary>
    public static Task<SlotReply> MemoryAsync(HostState state, SlotRequest request) => Task.FromResult(new SlotReply(request.Id)
    {
        Values = ImmutableDictionary<string, double>.Empty.Add(
            "megabytes", state.Pool.GetStatistics().Workers.Average(worker => ProcessCost.ProportionalMegabytes(worker.ProcessId))),
    });

    private static SlotReply Milliseconds(SlotRequest request, TimeSpan elapsed) =>
        new(request.Id) { Values = ImmutableDictionary<string, double>.Empty.Add("ms", elapsed.TotalMilliseconds) };
}
