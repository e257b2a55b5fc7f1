using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Snakepit.Processes;

/// <summary>What the kernel knows about a file or directory and .NET does not tell: its owner and its identity.</summary>
/// <param name="Mode">The type and the permissions, as in <c>st_mode</c>.</param>
/// <param name="User">The id of the user that owns it.</param>
/// <param name="Identity">The device and the number of the inode. Another file at the same path has another identity.</param>
internal readonly partial record struct FileFacts(uint Mode, uint User, (uint Major, uint Minor, ulong Inode) Identity)
{
    private const int CurrentDirectory = -100;
    private const int DoNotFollowLinks = 0x100;
    private const int OfHandle = 0x1000;
    private const uint BasicFacts = 0x7FF;
    private const int Exclusive = 2, AtOnce = 4;
    private const uint TypeAndPermissions = 0xF000 | 0x1FF;
    private const uint DirectoryOfOneUser = 0x4000 | OnlyOwner; // S_IFDIR
    private const uint OnlyOwner = 0x1C0; // mode 0700
    private const int Exists = 17; // the error code EEXIST

    /// <summary>
    /// Whether it is a directory, and no link to one, that belongs to the user of this process and that no other user can enter.
    /// </summary>
    public bool IsOwnDirectory => (Mode & TypeAndPermissions) == DirectoryOfOneUser && User == SysUser();

    /// <summary>Returns the facts about what is at a path; null if nothing is there, or a sandbox forbids the question.</summary>
    public static FileFacts? Of(string path) => Read(CurrentDirectory, path, DoNotFollowLinks);

    /// <summary>Returns the facts about an open file.</summary>
    public static FileFacts? Of(SafeFileHandle file)
    {
        var added = false;
        try
        {
            file.DangerousAddRef(ref added);
            return Read((int)file.DangerousGetHandle(), "", OfHandle);
        }
        finally
        {
            if (added)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>Returns the absolute path of what is at a path, without links; null if nothing is there.</summary>
    public static string? RealPathOf(string path)
    {
        var found = SysRealPath(path, 0);
        if (found == 0)
        {
            return null;
        }

        var real = Marshal.PtrToStringUTF8(found);
        SysFree(found);
        return real;
    }

    /// <summary>Whether a file is at a path. In contrast to <see cref="File.Exists"/>, a link to nothing is none.</summary>
    public static bool IsFile(string path) => File.Exists(path) && RealPathOf(path) is not null;

    /// <summary>Makes a directory that no other user can enter. Returns false if something with this name exists.</summary>
    /// <exception cref="IOException">The directory cannot be made.</exception>
    public static bool TryMakeDirectory(string path)
    {
        if (SysMakeDirectory(path, OnlyOwner) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == Exists ? false : throw new IOException(new Win32Exception(error).Message);
    }

    /// <summary>Sets the mode of a directory to 0700.</summary>
    /// <exception cref="IOException">The mode cannot be changed.</exception>
    public static void AllowOnlyOwner(string path)
    {
        if (SysChangeMode(path, OnlyOwner) != 0)
        {
            throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
        }
    }

    /// <summary>
    /// Locks an open file. Returns false if another process, or another open file of this process, has locked it, and if its file system
    /// knows no locks. The kernel removes the lock when the file is closed, also when this process is killed.
    /// </summary>
    public static bool TryLock(SafeFileHandle file) => SysLock(file, Exclusive | AtOnce) == 0;

    private static FileFacts? Read(int directory, string path, int flags)
    {
        Span<byte> facts = stackalloc byte[256];
        if (SysStatx(directory, path, flags, BasicFacts, facts) != 0)
        {
            return null;
        }

        // The offsets are those of struct statx, which is the same on every architecture.
        return new FileFacts(
            Mode: BitConverter.ToUInt16(facts[28..]),
            User: BitConverter.ToUInt32(facts[20..]),
            Identity: (BitConverter.ToUInt32(facts[136..]), BitConverter.ToUInt32(facts[140..]), BitConverter.ToUInt64(facts[32..])));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SysStatx(int directory, string path, int flags, uint mask, Span<byte> facts);

    [LibraryImport("libc", EntryPoint = "mkdir", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int SysMakeDirectory(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "chmod", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int SysChangeMode(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint SysRealPath(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void SysFree(nint memory);

    [LibraryImport("libc", EntryPoint = "flock")]
    private static partial int SysLock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint SysUser();
}
