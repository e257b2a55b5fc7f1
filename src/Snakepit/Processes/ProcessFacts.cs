using System.Globalization;

namespace Snakepit.Processes;

/// <summary>What the kernel tells about a process, of this program's own or not.</summary>
internal static class ProcessFacts
{
    // ESRCH: it has ended between being found and being read.
    private const int NoSuchProcess = 3;

    /// <summary>Its resident memory in bytes; 0 if it has ended.</summary>
    public static long ResidentMemory(int pid)
    {
        // "size resident …", in pages
        var pages = Field($"/proc/{pid}/statm", '\0', 1);
        return pages is null ? 0 : long.Parse(pages, CultureInfo.InvariantCulture) * System.Environment.SystemPageSize;
    }

    /// <summary>Every process that there is.</summary>
    /// <exception cref="IOException">The kernel does not tell it at the moment.</exception>
    public static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(directory => int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0);

    /// <summary>The variables that it was started with, each with a NUL character after it; nothing if it has ended or is somebody else's.</summary>
    /// <exception cref="IOException">It cannot be found out at the moment.</exception>
    public static byte[] Environment(int pid)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{pid}/environ");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or { HResult: NoSuchProcess })
        {
            return [];
        }
    }

    /// <summary>True if a signal (SIGSTOP, SIGTSTP) or a debugger has stopped it.</summary>
    public static bool IsStopped(int pid) => Field($"/proc/{pid}/stat", ')', 0) is "T" or "t";

    /// <summary>A field of a one-line file, counted after the last <paramref name="after"/>; null if there is no such file any more.</summary>
    private static string? Field(string path, char after, int index)
    {
        try
        {
            var text = File.ReadAllText(path);
            var fields = after == '\0' ? text : text[(text.LastIndexOf(after) + 2)..];
            return fields.Split(' ')[index];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
