using System.Collections.Immutable;
using System.Globalization;
using System.Runtime;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>What a pool's calls have cost so far, in this process and in the workers, as the kernel and the runtime account for it.</summary>
internal sealed record ProcessCost
{
    private const string Switches = "voluntary_ctxt_switches:";
    private const string ProportionalSize = "Pss:";

    private static readonly (string Name, Func<ProcessCost, double> Of)[] Figures =
    [
        ("hostCpuUs", cost => cost.HostCpu * 1000),
        ("workerCpuUs", cost => cost.WorkerCpu * 1000),
        ("workerWaitUs", cost => cost.WorkerWait * 1000),
        ("workerSwitches", cost => cost.WorkerSwitches),
        ("queuedUs", cost => cost.Queued * 1000),
        ("bytes", cost => cost.Allocated),
        ("frames", cost => cost.Frames),
        ("workItems", cost => cost.WorkItems),
        ("contentions", cost => cost.Contentions),
        ("compiled", cost => cost.Compiled),
    ];

    /// <summary>CPU time of this process, milliseconds.</summary>
    public double HostCpu { get; init; }

    /// <summary>CPU time of the worker processes, milliseconds.</summary>
    public double WorkerCpu { get; init; }

    /// <summary>How long the workers' threads were runnable and had no processor, milliseconds.</summary>
    public double WorkerWait { get; init; }

    /// <summary>How often the workers' threads gave up a processor because they had to wait: for a frame, a lock, the GIL.</summary>
    public double WorkerSwitches { get; init; }

    /// <summary>How long callers waited for a worker, milliseconds.</summary>
    public double Queued { get; init; }

    /// <summary>Bytes allocated by this process.</summary>
    public double Allocated { get; init; }

    /// <summary>Frames that the pool and its workers have exchanged.</summary>
    public double Frames { get; init; }

    /// <summary>Items that this process's thread pool has run.</summary>
    public double WorkItems { get; init; }

    /// <summary>Times that a thread of this process had to wait for a lock.</summary>
    public double Contentions { get; init; }

    /// <summary>Methods that the just-in-time compiler has compiled in this process; many while something is measured say that it is still warming up.</summary>
    public double Compiled { get; init; }

    /// <summary>The cost at the begin of what is measured: what it costs to look at the workers comes before.</summary>
    /// <param name="workers">The workers' processes.</param>
    /// <param name="pool">The pool whose queue and frames count, if any.</param>
    public static ProcessCost Before(IReadOnlyList<int> workers, SnakepitPool? pool) => OfThisProcess(OfTheWorkers(new ProcessCost(), workers), pool);

    /// <summary>The cost at the end of what is measured: what it costs to look at the workers comes after.</summary>
    /// <param name="workers">The workers' processes.</param>
    /// <param name="pool">The pool whose queue and frames count, if any.</param>
    public static ProcessCost After(IReadOnlyList<int> workers, SnakepitPool? pool) => OfTheWorkers(OfThisProcess(new ProcessCost(), pool), workers);

    /// <summary>What came to it since <paramref name="earlier"/>, by call.</summary>
    public ImmutableDictionary<string, double> PerCallSince(ProcessCost earlier, long calls) =>
        Figures.ToImmutableDictionary(figure => figure.Name, figure => (figure.Of(this) - figure.Of(earlier)) / calls);

    /// <summary>
    /// CPU time and waiting time of a process, all living threads together, in milliseconds; exact to the nanosecond, where
    /// <c>/proc/PID/stat</c> counts ticks of 10 ms (Linux, Documentation/scheduler/sched-stats).
    /// </summary>
    public static (double Cpu, double Wait) Scheduled(int process)
    {
        var (cpu, wait) = (0.0, 0.0);
        foreach (var thread in ThreadsOf(process))
        {
            var fields = File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ');
            cpu += double.Parse(fields[0], CultureInfo.InvariantCulture) / 1e6;
            wait += double.Parse(fields[1], CultureInfo.InvariantCulture) / 1e6;
        }

        return (cpu, wait);
    }

    /// <summary>Memory that would be free without this process: its private pages and its share of the shared ones (PSS), in megabytes.</summary>
    public static double ProportionalMegabytes(int process) => Field($"/proc/{process}/smaps_rollup", ProportionalSize) / 1024;

    private static ProcessCost OfThisProcess(ProcessCost cost, SnakepitPool? pool) => cost with
    {
        HostCpu = Environment.CpuUsage.TotalTime.TotalMilliseconds,
        Queued = pool?.Queued.TotalMilliseconds ?? 0,
        Allocated = GC.GetTotalAllocatedBytes(precise: true),
        Frames = pool?.FramesExchanged ?? 0,
        WorkItems = ThreadPool.CompletedWorkItemCount,
        Contentions = Monitor.LockContentionCount,
        Compiled = JitInfo.GetCompiledMethodCount(),
    };

    private static ProcessCost OfTheWorkers(ProcessCost cost, IReadOnlyList<int> workers)
    {
        foreach (var worker in workers)
        {
            var (cpu, wait) = Scheduled(worker);
            cost = cost with
            {
                WorkerCpu = cost.WorkerCpu + cpu,
                WorkerWait = cost.WorkerWait + wait,
                WorkerSwitches = cost.WorkerSwitches + ThreadsOf(worker).Sum(thread => Field(Path.Combine(thread, "status"), Switches)),
            };
        }

        return cost;
    }

    private static string[] ThreadsOf(int process) => Directory.GetDirectories($"/proc/{process}/task");

    /// <summary>The number after a name, at the beginning of a line.</summary>
    private static double Field(string file, string name)
    {
        var line = File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
