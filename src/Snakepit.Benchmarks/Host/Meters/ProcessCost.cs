using System.Runtime;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>
/// What calls have cost so far in this process and in the workers, as the kernel and the runtime count it. The difference of two readings
/// is the cost of the calls between them.
/// </summary>
internal sealed class ProcessCost
{
    private double _hostCpu, _queued, _allocated, _frames, _workItems, _contentions, _compiled;
    private double _workerCpu, _workerWait, _workerSwitches;

    /// <summary>
    /// Reads the counters just before calls. Those of this process come last, because reading the others costs this process CPU time and
    /// memory.
    /// </summary>
    /// <param name="workers">The processes of the workers.</param>
    /// <param name="pool">The pool whose queue and frames count; null for none.</param>
    public static ProcessCost Before(IReadOnlyList<int> workers, SnakepitPool? pool)
    {
        var cost = new ProcessCost();
        cost.ReadWorkers(workers);
        cost.ReadPool(pool);
        cost.ReadThisProcess();
        return cost;
    }

    /// <summary>Reads the counters just after calls. Those of this process come first, for the same reason.</summary>
    /// <param name="workers">The processes of the workers.</param>
    /// <param name="pool">The pool whose queue and frames count; null for none.</param>
    public static ProcessCost After(IReadOnlyList<int> workers, SnakepitPool? pool)
    {
        var cost = new ProcessCost();
        cost.ReadThisProcess();
        cost.ReadPool(pool);
        cost.ReadWorkers(workers);
        return cost;
    }

    /// <summary>What each of <paramref name="calls"/> calls cost since <paramref name="earlier"/>.</summary>
    public T PerCallSince<T>(ProcessCost earlier, long calls)
        where T : CostReply, new() => new()
        {
            HostCpuUs = ((_hostCpu * 1000) - (earlier._hostCpu * 1000)) / calls,
            WorkerCpuUs = ((_workerCpu * 1000) - (earlier._workerCpu * 1000)) / calls,
            WorkerWaitUs = ((_workerWait * 1000) - (earlier._workerWait * 1000)) / calls,
            WorkerSwitches = (_workerSwitches - earlier._workerSwitches) / calls,
            QueuedUs = ((_queued * 1000) - (earlier._queued * 1000)) / calls,
            Bytes = (_allocated - earlier._allocated) / calls,
            Frames = (_frames - earlier._frames) / calls,
            WorkItems = (_workItems - earlier._workItems) / calls,
            Contentions = (_contentions - earlier._contentions) / calls,
            Compiled = (_compiled - earlier._compiled) / calls,
        };

    private void ReadThisProcess()
    {
        _hostCpu = Environment.CpuUsage.TotalTime.TotalMilliseconds;
        _allocated = GC.GetTotalAllocatedBytes(precise: true);
        _workItems = ThreadPool.CompletedWorkItemCount;
        _contentions = Monitor.LockContentionCount;
        _compiled = JitInfo.GetCompiledMethodCount();
    }

    private void ReadPool(SnakepitPool? pool)
    {
        if (pool?.GetStatistics() is { } statistics)
        {
            _queued = statistics.TotalQueueTime.TotalMilliseconds;
            _frames = statistics.FramesExchanged;
        }
    }

    private void ReadWorkers(IReadOnlyList<int> workers)
    {
        foreach (var worker in workers)
        {
            var (cpu, wait) = KernelCounters.Scheduled(worker);
            _workerCpu += cpu;
            _workerWait += wait;
            _workerSwitches += KernelCounters.VoluntarySwitches(worker);
        }
    }
}
