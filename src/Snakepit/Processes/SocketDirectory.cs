using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Snakepit.Processes;

/// <summary>
/// The directory that the sockets of a pool lie in. Its mode is 0700, so no other user can connect. It is made again if another program,
/// such as a cleaner of temporary files, has deleted it. As long as this process lives, it holds the lock of a file in the directory; that
/// is how others know that the directory is in use (see <see cref="AbandonedDirectories"/>).
/// </summary>
internal sealed class SocketDirectory : IDisposable
{
    /// <summary>How the name of each such directory begins.</summary>
    public const string Prefix = "snakepit-";

    /// <summary>The name of the file whose lock the owner holds.</summary>
    public const string LockName = "owner.lock";

    /// <summary>
    /// The kernel limits a socket's path to 108 bytes including a terminating zero. The socket of a worker may have a longer name than
    /// <see cref="ControlListener.SocketName"/> only if it is the ten-millionth.
    /// </summary>
    public const int LongestSocketPath = 107;

    private SafeFileHandle? _lock;
    private FileFacts? _made;

    /// <exception cref="SocketDirectoryException">The directory cannot be made.</exception>
    public SocketDirectory()
    {
        AbandonedDirectories.Remove(System.IO.Path.GetTempPath());
        Path = MakeWithNewName();
    }

    /// <summary>The path, which changes only if the directory was lost and another user has taken its name.</summary>
    public string Path { get; private set; }

    // Whether the directory is the one that this object has made, or another program of this user has made the same again.
    private bool IsIntact =>
        FileFacts.Of(Path) is { } now ? now.Identity == _made?.Identity || now.IsOwnDirectory : Directory.Exists(Path);

    /// <summary>Makes the directory again if it is gone.</summary>
    /// <exception cref="SocketDirectoryException">The directory cannot be made.</exception>
    public void Restore()
    {
        if (IsIntact)
        {
            return;
        }

        _lock?.Dispose();
        try
        {
            if (FileFacts.TryMakeDirectory(Path))
            {
                Prepare(Path);
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var what = $"The directory for sockets, '{Path}', was deleted and cannot be made again";
            throw StartFailure.OfSockets(Path, what, exception);
        }

        Path = MakeWithNewName(); // what now has the old name may belong to anybody
    }

    /// <summary>Deletes the directory and what is in it.</summary>
    public void Dispose()
    {
        try
        {
            if (IsIntact)
            {
                Directory.Delete(Path, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another program has deleted the directory just now, or it cannot be deleted now. Then the next start of a pool deletes it.
        }

        _lock?.Dispose();
    }

    private string MakeWithNewName()
    {
        string? made = null;
        try
        {
            made = Directory.CreateTempSubdirectory(Prefix).FullName;
            made = Lasting(made);
            Prepare(made);
            return made;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (made is not null)
            {
                Directory.Delete(made, recursive: true);
            }

            var temporary = System.IO.Path.GetTempPath();
            var what = $"A directory for sockets cannot be created in '{temporary}'";
            throw StartFailure.OfSockets(temporary, what, exception);
        }
    }

    /// <summary>
    /// Returns a path that goes on to lead to a directory. TMPDIR may be relative, and it may be a link, which another program points
    /// elsewhere later. A link is kept if only its path is short enough for the sockets.
    /// </summary>
    private static string Lasting(string path) =>
        FileFacts.RealPathOf(path) is { } real && Encoding.UTF8.GetByteCount($"{real}/{ControlListener.SocketName}") <= LongestSocketPath
            ? real
            : System.IO.Path.GetFullPath(path);

    /// <summary>Sets the mode of a new directory, which the umask may have narrowed, and locks its file.</summary>
    private void Prepare(string path)
    {
        FileFacts.AllowOnlyOwner(path);
        _made = FileFacts.Of(path);
        var lockPath = System.IO.Path.Combine(path, LockName);
        var unlocked = $"{lockPath}.new";
        _lock = File.OpenHandle(unlocked, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (FileFacts.TryLock(_lock))
        {
            File.Move(unlocked, lockPath); // under its name, the file is always locked while its owner lives
        }
        else
        {
            File.Delete(unlocked); // a file system without locks: without this file, nobody takes the directory for abandoned
        }
    }
}
