using System.Globalization;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>Reads what the Linux kernel counts for a process from <c>/proc</c>.</summary>
internal static class KernelCounters
{
    private const string SwitchesField = "voluntary_ctxt_switches:";
    private const string ProportionalSizeField = "Pss:", ResidentSizeField = "Rss:";

    /// <summary>
    /// Returns two times in milliseconds, summed over the living threads of a process: the CPU time, and the time for which threads were
    /// ready to run but had no processor. The times are read from <c>schedstat</c>, which counts nanoseconds, because <c>/proc/PID/stat</c>
    /// only counts ticks of 10 ms (Linux, Documentation/scheduler/sched-stats).
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

    /// <summary>
    /// Returns how often threads of a process released their processor because they had to wait, summed over its living threads.
    /// </summary>
    public static double VoluntarySwitches(int process) =>
        ThreadsOf(process).Sum(thread => Field(Path.Combine(thread, "status"), SwitchesField));

    /// <summary>
    /// Returns the proportional set size (PSS) of a process in megabytes: the memory that it has for itself, plus its share of the memory
    /// that it shares with other processes.
    /// </summary>
    public static double ProportionalMegabytes(int process) => Field($"/proc/{process}/smaps_rollup", ProportionalSizeField) / 1024;

    /// <summary>
    /// Returns the resident set size (RSS) of a process in megabytes: the memory that it has for itself, and all that it shares.
    /// </summary>
    public static double ResidentMegabytes(int process) => Field($"/proc/{process}/smaps_rollup", ResidentSizeField) / 1024;

    private static string[] ThreadsOf(int process) => Directory.GetDirectories($"/proc/{process}/task");

    /// <summary>Returns the number in the line of a file that begins with <paramref name="name"/>.</summary>
    private static double Field(string file, string name)
    {
        var line = File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
