using System.Globalization;

namespace Snakepit.Processes;

/// <summary>Reads facts about processes from <c>/proc</c>.</summary>
internal static class ProcessFacts
{
    // The Linux error code ESRCH, which means that the process has ended since it was listed.
    private const int NoSuchProcess = 3;

    private const string RealTimeLimit = "Max realtime timeout";

    /// <summary>Returns the ids of all processes.</summary>
    /// <exception cref="IOException">The processes cannot be listed at the moment.</exception>
    public static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc").Select(PidOf).Where(pid => pid > 0);

    /// <summary>Returns the soft limit RLIMIT_RTTIME of a process as text; null if the process has ended.</summary>
    /// <exception cref="IOException">The limit cannot be read at the moment.</exception>
    public static string? RealTimeLimitOf(int pid)
    {
        try
        {
            var lines = File.ReadLines($"/proc/{pid}/limits");
            var line = lines.FirstOrDefault(line => line.StartsWith(RealTimeLimit, StringComparison.Ordinal));
            return line?[RealTimeLimit.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        }
        catch (Exception exception) when (exception is FileNotFoundException
            or DirectoryNotFoundException
            or UnauthorizedAccessException
            or { HResult: NoSuchProcess })
        {
            return null;
        }
    }

    /// <summary>
    /// Returns the resident memory of a process in bytes, without memory files such as those of <see cref="Memory.HostMemory"/>; 0 if the
    /// process has ended.
    /// </summary>
    public static long ResidentMemory(int pid)
    {
        try
        {
            var lines = File.ReadLines($"/proc/{pid}/status");
            return 1024 * lines.Where(static line => line.StartsWith("RssAnon:", StringComparison.Ordinal)
                || line.StartsWith("RssFile:", StringComparison.Ordinal)).Sum(Kilobytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }

        static long Kilobytes(string line) =>
            long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }

    /// <summary>Returns the name of a process; null if the process has ended.</summary>
    public static string? NameOf(int pid) => Field($"/proc/{pid}/comm", '\0', 0)?.TrimEnd('\n');

    /// <summary>
    /// Returns the command line of a process, the program first; empty if the process has ended or is just starting a program.
    /// </summary>
    public static string[] CommandOf(int pid) =>
        (TextOf($"/proc/{pid}/cmdline") ?? "").Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Returns the id of the parent of a process; 0 if the process has ended and was reaped.</summary>
    public static int ParentOf(int pid) => int.Parse(Field($"/proc/{pid}/stat", ')', 1) ?? "0", CultureInfo.InvariantCulture);

    /// <summary>Returns true if a signal (SIGSTOP, SIGTSTP) or a debugger has stopped the process.</summary>
    public static bool IsStopped(int pid) => Field($"/proc/{pid}/stat", ')', 0) is "T" or "t";

    /// <summary>Returns true if the process has ended, and only its parent has not asked for its exit code yet.</summary>
    public static bool IsZombie(int pid) => Field($"/proc/{pid}/stat", ')', 0) is "Z" or "X";

    /// <summary>
    /// Returns the id of the process that a directory of <c>/proc</c> describes; 0 if the directory describes no process.
    /// </summary>
    private static int PidOf(string directory) =>
        int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0;

    /// <summary>
    /// Reads one of the fields, separated by spaces, of a file with one line. Returns null if the file does not exist any more.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="after">
    /// The character after whose last occurrence the fields begin; with a zero character, they begin at the start of the file.
    /// </param>
    /// <param name="index">The number of the field, from 0.</param>
    private static string? Field(string path, char after, int index) => TextOf(path) is not { } text ? null
        : (after == '\0' ? text : text[(text.LastIndexOf(after) + 2)..]).Split(' ')[index];

    private static string? TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
