using System.Globalization;
using System.Runtime.InteropServices;

namespace Snakepit.Benchmarks.Subprocesses;

/// <summary>
/// Keeps the open files that this program has inherited, such as the pipes of a shell or of a test runner, from the programs that it
/// starts. Otherwise the number of open files of a host and its workers would depend on who has started the run.
/// </summary>
internal static partial class InheritedFiles
{
    private const int LastStandardStream = 2, SetFlags = 2, CloseInChildren = 1;

    /// <summary>
    /// Has the kernel close every file but the standard streams in programs that are started from now on. What .NET has opened is closed
    /// there already, so this changes only files that were inherited.
    /// </summary>
    public static void KeepFromChildren()
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture) is > LastStandardStream and var descriptor)
            {
                // Fails only if the file was closed since it was listed.
                _ = SysControl(descriptor, SetFlags, CloseInChildren);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int SysControl(int descriptor, int command, int argument);
}
