using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Load;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slots that measure how much memory is in use, and how it grows.</summary>
internal static class MemoryHandlers
{
    private const string Adapter = "measured_memory:MeasuredMemory";
    private const double Megabyte = 1e6, ErrorOfBound = 0.025;

    public static async Task<MemoryUseReply> MeasureUseAsync(HostState state, MemoryUseSlot slot)
    {
        if (slot.Callers == 0)
        {
            return Use(state.Pool);
        }

        // The memory is measured in the middle of the load, by another task, while the callers go on.
        var duration = TimeSpan.FromMilliseconds(slot.Milliseconds);
        var load = ClosedLoop.RunAsync(slot.Callers, duration, state.PingAsync);
        await Task.Delay(duration / 2);
        var use = Use(state.Pool);
        var result = await load;
        LoadHandlers.ThrowIfAny(result.Errors, result.FirstError);
        return use;
    }

    public static async Task<EmptyReply> StartAsync(HostState state, StartGrowthSlot slot)
    {
        var options = state.WithFault(state.Options(slot.Workers) with
        {
            Adapter = Adapter,
            ModulePaths = [Path.Combine(AppContext.BaseDirectory, "adapters")],
            HostTools = StartToolsHandler.HostTools(state),
        });
        state.Keep(await SnakepitPool.StartAsync(options with
        {
            EnvironmentVariables = new Dictionary<string, string>(options.EnvironmentVariables) { ["PYTHONMALLOC"] = "malloc" },
        }));
        return new EmptyReply();
    }

    public static async Task<GrowthReply> MeasureGrowthAsync(HostState state, GrowthSlot slot)
    {
        await BatchAsync(); // the first calls allocate what later ones use again
        var workers = state.Pool.GetStatistics().Workers;
        var before = workers.Select(worker => OpenResources.Of(worker.ProcessId)).ToList();
        var (host, python) = (new List<double>(), new List<double>());
        for (var batch = 0; batch < slot.Batches; batch++)
        {
            await BatchAsync();
            python.Add(await AllocatedAsync(state.Pool, workers));
            host.Add(LiveObjects.Bytes());
        }

        var after = workers.Select(worker => OpenResources.Of(worker.ProcessId)).ToList();
        foreach (var (worker, (left, right)) in workers.Zip(before.Zip(after)))
        {
            right.RequireSame(left, $"worker {worker.Worker}");
        }

        var (ofHost, ofWorkers, self) = (
            Slope.Of(host, slot.Count, ErrorOfBound), Slope.Of(python, slot.Count, ErrorOfBound), OpenResources.Of(Environment.ProcessId));
        return new GrowthReply
        {
            Host = ofHost.Value,
            HostUpper = ofHost.Upper,
            Workers = ofWorkers.Value,
            WorkersUpper = ofWorkers.Upper,
            WorkerDescriptors = after.Max(worker => worker.Descriptors.Count),
            WorkerThreads = after.Max(worker => worker.Threads.Count),
            HostDescriptors = self.Descriptors.Count,
            HostThreads = self.Threads.Count,
        };

        async Task BatchAsync()
        {
            for (var i = 0; i < slot.Count; i++)
            {
                await (slot.Load == GrowthLoad.Pings ? state.PingAsync() : MixedCalls.MakeAsync(state));
            }
        }
    }

    private static MemoryUseReply Use(SnakepitPool pool)
    {
        var statistics = pool.GetStatistics();
        var (workers, template) = (statistics.Workers, statistics.Template?.ProcessId);
        var workingSet = Environment.WorkingSet;
        return new MemoryUseReply
        {
            WorkerPss = workers.Average(worker => KernelCounters.ProportionalMegabytes(worker.ProcessId)),
            WorkerRss = workers.Average(worker => KernelCounters.ResidentMegabytes(worker.ProcessId)),
            TemplatePss = template is { } forker ? KernelCounters.ProportionalMegabytes(forker) : 0,
            TemplateRss = template is { } resident ? KernelCounters.ResidentMegabytes(resident) : 0,
            HostHeap = LiveObjects.Bytes() / Megabyte,
            HostWorkingSet = workingSet / Megabyte,
        };
    }

    /// <summary>Returns the bytes that all workers have allocated. A session reaches one worker, so it takes one for each.</summary>
    private static async Task<double> AllocatedAsync(SnakepitPool pool, IReadOnlyList<WorkerStatistics> workers)
    {
        var (allocated, sessions) = (0.0, new List<SnakepitSession>());
        try
        {
            foreach (var worker in workers)
            {
                sessions.Add(pool.OpenSession($"allocated {worker.Worker}", AffinityMode.Wait));
                allocated += await sessions[^1].ExecuteAsync<double>("allocated_bytes");
            }

            var reached = sessions.Select(session => session.Worker).Distinct().Count();
            return reached == workers.Count
                ? allocated
                : throw new InvalidOperationException($"The memory of {reached} of {workers.Count} workers was measured.");
        }
        finally
        {
            foreach (var session in sessions)
            {
                await session.DisposeAsync();
            }
        }
    }
}
