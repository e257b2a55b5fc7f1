using System.Runtime;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>
/// A reading of counters of the kernel, the .NET runtime and the pool for this process and its workers. The difference of two readings is
/// the cost of the calls between them.
/// </summary>
internal sealed class ProcessCost
{
    private double _hostCpu, _queued, _allocated, _frames, _workItems, _contentions, _compiled;
    private double _workerCpu, _workerWait, _workerSwitches;

    /// <summary>
    /// Reads the counters just before the calls that are measured. The counters of this process are read last, because reading the other
    /// counters costs this process CPU time and memory.
    /// </summary>
    /// <param name="workers">The process ids of the workers.</param>
    /// <param name="pool">The pool whose waiting times and messages are counted; null if the calls do not go through a pool.</param>
    public static ProcessCost Before(IReadOnlyList<int> workers, SnakepitPool? pool)
    {
        var cost = new ProcessCost();
        cost.ReadWorkers(workers);
        cost.ReadPool(pool);
        cost.ReadThisProcess();
        return cost;
    }

    /// <summary>
    /// Reads the counters just after the calls that are measured. The counters of this process are read first, because reading the other
    /// counters costs this process CPU time and memory.
    /// </summary>
    /// <param name="workers">The process ids of the workers.</param>
    /// <param name="pool">The pool whose waiting times and messages are counted; null if the calls do not go through a pool.</param>
    public static ProcessCost After(IReadOnlyList<int> workers, SnakepitPool? pool)
    {
        var cost = new ProcessCost();
        cost.ReadThisProcess();
        cost.ReadPool(pool);
        cost.ReadWorkers(workers);
        return cost;
    }

    /// <summary>Returns the mean cost of a call since <paramref name="earlier"/>, when <paramref name="calls"/> calls were made.</summary>
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
