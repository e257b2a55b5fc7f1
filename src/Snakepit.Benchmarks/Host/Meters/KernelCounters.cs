using System.Globalization;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>What Linux counts for a process, read from <c>/proc</c>.</summary>
internal static class KernelCounters
{
    private const string SwitchesField = "voluntary_ctxt_switches:";
    private const string ProportionalSizeField = "Pss:";

    /// <summary>
    /// CPU time of a process, and the time for which its threads were ready to run and had no processor, in milliseconds, summed over its
    /// living threads. <c>schedstat</c> counts nanoseconds, where <c>/proc/PID/stat</c> counts ticks of 10 ms (Linux,
    /// Documentation/scheduler/sched-stats).
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

    /// <summary>How often threads of a process gave up a processor because they had to wait, summed over its living threads.</summary>
    public static double VoluntarySwitches(int process) =>
        ThreadsOf(process).Sum(thread => Field(Path.Combine(thread, "status"), SwitchesField));

    /// <summary>
    /// The proportional set size (PSS) of a process in megabytes: its private pages and its share of the pages that it shares.
    /// </summary>
    public static double ProportionalMegabytes(int process) => Field($"/proc/{process}/smaps_rollup", ProportionalSizeField) / 1024;

    private static string[] ThreadsOf(int process) => Directory.GetDirectories($"/proc/{process}/task");

    /// <summary>The number in the line that begins with a name.</summary>
    private static double Field(string file, string name)
    {
        var line = File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
