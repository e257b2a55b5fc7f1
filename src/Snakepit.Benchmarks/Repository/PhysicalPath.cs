using System.Runtime.InteropServices;

namespace Snakepit.Benchmarks.Repository;

/// <summary>
/// Finds the path of a file without symbolic links. A clone may be reached through a link, and the runtime and the compiler do not agree on
/// which of the two paths they use.
/// </summary>
internal static partial class PhysicalPath
{
    /// <summary>Returns the path without links. Of a file that does not exist, only the folders are looked at.</summary>
    public static string Of(string path)
    {
        var found = SysRealPath(path, 0);
        if (found == 0)
        {
            return Path.GetDirectoryName(path) is { Length: > 0 } folder && folder != path
                ? Path.Combine(Of(folder), Path.GetFileName(path))
                : path;
        }

        var physical = Marshal.PtrToStringUTF8(found)!;
        SysFree(found);
        return physical;
    }

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint SysRealPath(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void SysFree(nint memory);
}
