using System.Runtime.InteropServices;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>
/// What processes have done so far. The difference of two readings is what they did between them. Unlike <see cref="ProcessCost"/>, it does
/// not divide by a number of calls, and counts how often this process was woken, too.
/// </summary>
/// <param name="CpuMs">The CPU time of all threads, in milliseconds.</param>
/// <param name="WakeUps">How often a thread released its processor because it had to wait: once after each time that it was woken.</param>
internal readonly partial record struct Activity(double CpuMs, double WakeUps)
{
    private const int Self = 0, UsageFields = 18, SwitchesField = 16; // getrusage(2): 64 bits each, after two times of two fields

    /// <summary>Returns the activity of this process, with the threads that have ended.</summary>
    public static Activity OfThisProcess()
    {
        Span<long> usage = stackalloc long[UsageFields];
        if (GetUsage(Self, ref usage[0]) != 0)
        {
            throw new InvalidOperationException("The kernel does not tell what this process has used.");
        }

        return new Activity(Environment.CpuUsage.TotalTime.TotalMilliseconds, usage[SwitchesField]);
    }

    /// <summary>Returns the activity of the living threads of other processes.</summary>
    public static Activity Of(IEnumerable<int> processes) => processes.Aggregate(default(Activity), (sum, process) => new Activity(
        sum.CpuMs + KernelCounters.Scheduled(process).Cpu, sum.WakeUps + KernelCounters.VoluntarySwitches(process)));

    /// <summary>Returns the activity in each second since an earlier reading.</summary>
    public Activity PerSecondSince(Activity earlier, double seconds) =>
        new((CpuMs - earlier.CpuMs) / seconds, (WakeUps - earlier.WakeUps) / seconds);

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, ref long usage);
}
