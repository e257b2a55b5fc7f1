using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Snakepit.Benchmarks.Machines;

/// <summary>
/// A lock on a file, so that only one performance suite at a time measures on this machine. Two suites would slow each other down. The
/// kernel is asked for the lock, because the locks of .NET can be switched off by an environment variable.
/// </summary>
internal sealed partial class SuiteLock : IDisposable
{
    private const int Shared = 1, Exclusive = 2, AtOnce = 4;
    private const int Create = 0x40, CloseInChildren = 0x80000;
    private const uint ForEverybody = 0x124; // mode 0444
    private const int IsMissing = 2, IsTaken = 11; // the error codes ENOENT and EWOULDBLOCK
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly SafeFileHandle _file;
    private readonly Socket? _name;

    private SuiteLock(SafeFileHandle file, Socket? name) => (_file, _name) = (file, name);

    /// <summary>
    /// The path of the file that functional tests of Snakepit on this machine lock together, and that a performance suite locks alone.
    /// </summary>
    public static string FunctionalTests => "/tmp/snakepit-functional.lock";

    /// <summary>
    /// The path of the file that all performance suites on this machine lock. The file is not in TMPDIR, because that variable may differ
    /// from user to user.
    /// </summary>
    public static string MachineWide => "/tmp/snakepit-performance.lock";

    /// <summary>Takes the lock. If another process holds the lock, waits until it is free.</summary>
    /// <param name="path">The path of the lock file. The file is created if it does not exist, and never deleted.</param>
    /// <param name="progress">Called once, with a line of text, if the lock is not free.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <param name="isShared">True to hold the lock together with others that do the same, false to hold it alone.</param>
    /// <exception cref="IOException">The file cannot be opened, made or locked.</exception>
    public static async Task<SuiteLock> TakeAsync(
        string path, Action<string> progress, CancellationToken cancellationToken, bool isShared = false)
    {
        for (var hasReported = false; ; hasReported = true)
        {
            // The file is opened anew each time, because a cleaner of temporary files may have deleted it meanwhile.
            if (TryLock(path, isShared) is { } file)
            {
                var name = isShared ? null : TryTakeName(path);
                if (isShared || name is not null)
                {
                    return new SuiteLock(file, name);
                }

                file.Dispose(); // another process holds the lock of a file with this name that was deleted
            }

            if (!hasReported)
            {
                progress($"waiting: another suite of Snakepit runs on this machine, and holds the lock of {path}");
            }

            await Task.Delay(RetryInterval, cancellationToken);
        }
    }

    public void Dispose()
    {
        _name?.Dispose();
        _file.Dispose();
    }

    /// <summary>
    /// Takes an abstract name of a socket (unix(7)), which no cleaner of temporary files can delete, as it can the file of a lock that is
    /// held. Returns null if another process has the name.
    /// </summary>
    private static Socket? TryTakeName(string path)
    {
        var name = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            name.Bind(new UnixDomainSocketEndPoint($"\0{path}"));
            return name;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            name.Dispose();
            return null;
        }
    }

    private static SafeFileHandle? TryLock(string path, bool isShared)
    {
        var file = Open(path);
        if (SysLock(file, (isShared ? Shared : Exclusive) | AtOnce) == 0)
        {
            return file;
        }

        var error = Marshal.GetLastPInvokeError();
        file.Dispose();
        return error == IsTaken ? null : throw Failed(path, error);
    }

    /// <summary>
    /// Opens the lock file for reading only. That is enough to lock it, and a user who did not create the file may only read it. The kernel
    /// is asked for this too, because .NET locks every file that it opens.
    /// </summary>
    private static SafeFileHandle Open(string path)
    {
        var file = SysOpen(path, CloseInChildren, mode: 0);
        if (file.IsInvalid && Marshal.GetLastPInvokeError() == IsMissing)
        {
            file = SysOpen(path, CloseInChildren | Create, ForEverybody);
            _ = file.IsInvalid ? 0 : SysChangeMode(file, ForEverybody); // the umask may have narrowed it
        }

        return file.IsInvalid ? throw Failed(path, Marshal.GetLastPInvokeError()) : file;
    }

    private static IOException Failed(string path, int error) => new(
        $"{path}, the file whose lock keeps other suites from measuring at the same time, cannot be opened and locked: "
        + $"{new Win32Exception(error).Message}. If another user has made it, let all users read it.");

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial SafeFileHandle SysOpen(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "fchmod")]
    private static partial int SysChangeMode(SafeFileHandle file, uint mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int SysLock(SafeFileHandle file, int operation);
}
