using System.Globalization;
using System.Runtime.InteropServices;
using Snakepit.Processes;

namespace Snakepit.Tests.Functional.Support;

/// <summary>Reads facts about processes from <c>/proc</c>, and sends signals to processes.</summary>
internal static class OsProcess
{
    private const int SigHup = 1;
    private const int SigInt = 2;
    private const int SigQuit = 3;

    /// <summary>The number of the signal SIGSTOP, which suspends a process until it is continued or killed.</summary>
    public const int SigStop = 19;

    /// <summary>The number of the signal SIGCONT, which lets a suspended process go on.</summary>
    public const int SigCont = 18;

    /// <summary>
    /// Gives SIGHUP, SIGINT and SIGQUIT their effects back if this process ignores them, because the programs that it starts would ignore
    /// them too. A shell that starts the tests in the background makes them ignore the last two, and <c>nohup</c> the first.
    /// </summary>
    public static void HeedSignals()
    {
        var ignored = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..];
        var mask = ulong.Parse(ignored.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        foreach (var number in (int[])[SigHup, SigInt, SigQuit])
        {
            if ((mask & (1UL << (number - 1))) != 0)
            {
                SetHandler(number, 0); // SIG_DFL
            }
        }
    }

    /// <summary>Returns the ids of all processes of the machine.</summary>
    public static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0);

    /// <summary>
    /// Returns the number of file descriptors that this process has open, without those of assemblies. The .NET runtime opens an assembly
    /// when its code is first needed.
    /// </summary>
    public static int OwnDescriptors() => new DirectoryInfo("/proc/self/fd")
        .EnumerateFileSystemInfos()
        .Count(file => file.LinkTarget?.EndsWith(".dll", StringComparison.Ordinal) != true);

    /// <summary>Returns the number of threads of this process.</summary>
    public static int OwnThreads() => Directory.GetFileSystemEntries("/proc/self/task").Length;

    /// <summary>
    /// Returns true if the process is running. A zombie is not running: it has ended, and is listed only until its parent reads its exit
    /// status.
    /// </summary>
    public static bool IsAlive(int pid) => Stat(pid) is { State: not ('Z' or 'X') };

    public static int ParentOf(int pid) => Stat(pid)?.Parent ?? throw new InvalidOperationException($"Process {pid} has ended.");

    /// <summary>Returns the ids of the children that a process has started or adopted, including zombies.</summary>
    public static int[] ChildrenOf(int pid) => [.. File.ReadAllText($"/proc/{pid}/task/{pid}/children")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(child => int.Parse(child, CultureInfo.InvariantCulture))];

    /// <summary>Returns the name that the kernel shows for the process; an empty text if it has ended.</summary>
    public static string NameOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>
    /// Returns true if the process is running and <paramref name="ancestor"/> is its parent, the parent of its parent, or a more distant
    /// ancestor.
    /// </summary>
    public static bool Descends(int pid, int ancestor) =>
        Stat(pid) is { State: not 'Z', Parent: var parent }
        && (parent == ancestor || (parent > 1 && Descends(parent, ancestor)));

    /// <summary>Waits until the process has ended.</summary>
    public static Task Gone(int pid, TimeSpan? within = null) =>
        Eventually.True(() => !IsAlive(pid), $"process {pid} is gone ({Describe(pid)})", within);

    /// <summary>Sends the signal SIGKILL, which no process can handle or ignore.</summary>
    public static void Kill(int pid) => Signals.Send(pid, Signals.Kill);

    /// <summary>Returns the process id and the command line, for messages of failed tests.</summary>
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
            // The line reads "pid (name) state parent …". The name may contain brackets, so the fields are counted from the last bracket.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint SetHandler(int number, nint handler);
}
