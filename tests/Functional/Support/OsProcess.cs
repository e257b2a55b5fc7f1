using System.Globalization;
using Snakepit.Processes;

namespace Snakepit.Tests.Functional.Support;

/// <summary>Processes as the kernel shows them.</summary>
internal static class OsProcess
{
    /// <summary>SIGSTOP: the process does nothing until it is killed or continued.</summary>
    public const int Stop = 19;

    /// <summary>SIGCONT: it goes on.</summary>
    public const int Continue = 18;

    public static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0);

    /// <summary>How many descriptors this process has open.</summary>
    public static int OwnDescriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    /// <summary>How many threads this process has.</summary>
    public static int OwnThreads() => Directory.GetFileSystemEntries("/proc/self/task").Length;

    /// <summary>True unless the process has ended; a zombie has.</summary>
    public static bool IsAlive(int pid) => Stat(pid) is { State: not ('Z' or 'X') };

    public static int ParentOf(int pid) => Stat(pid)?.Parent ?? throw new InvalidOperationException($"Process {pid} has ended.");

    /// <summary>True if the process lives and is a child of that one, or of a child of it.</summary>
    public static bool Descends(int pid, int ancestor) => Stat(pid) is { State: not 'Z', Parent: var parent } && (parent == ancestor || (parent > 1 && Descends(parent, ancestor)));

    public static Task Gone(int pid, TimeSpan? within = null) =>
        Eventually.True(() => !IsAlive(pid), $"process {pid} is gone ({Describe(pid)})", within);

    /// <summary>Ends it as the kernel does.</summary>
    public static void Kill(int pid) => Signals.Send(pid, Signals.Kill);

    public static string Describe(int pid)
    {
        try
        {
            return $"{pid} {File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ').Trim()}";
        }
        catch (IOException)
        {
            return $"{pid}, gone";
        }
    }

    private static (char State, int Parent)? Stat(int pid)
    {
        try
        {
            // "pid (name) state parent …", and the name may hold anything.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
