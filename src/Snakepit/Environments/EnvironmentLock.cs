using Microsoft.Win32.SafeHandles;
using Snakepit.Processes;

namespace Snakepit.Environments;

/// <summary>
/// A lock that the maker of an environment holds, so that others wait for it. The kernel releases it when its owner ends for any reason.
/// </summary>
internal sealed class EnvironmentLock : IDisposable
{
    private const int IsLocked = 11; // the error code EWOULDBLOCK

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly string _path;
    private readonly SafeFileHandle _file;

    private EnvironmentLock(string path, SafeFileHandle file) => (_path, _file) = (path, file);

    /// <summary>Waits for the lock.</summary>
    /// <param name="path">The path of the file that is locked.</param>
    /// <param name="waits">Is called once if another owner has the lock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static async Task<EnvironmentLock> TakeAsync(string path, Action waits, CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            if (isFirst)
            {
                waits();
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Removes the file while it is still locked, so that nobody else's is removed.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next owner uses the file that is left.
        }

        _file.Dispose();
    }

    private static EnvironmentLock? TryTake(string path)
    {
        while (true)
        {
            SafeFileHandle file;
            try
            {
                file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            }
            catch (IOException exception) when (exception.HResult == IsLocked)
            {
                return null; // .NET itself takes a shared lock of each file that it opens
            }

            if (!FileFacts.TryLock(file))
            {
                file.Dispose();
                return null;
            }

            if (FileFacts.Of(file)?.Identity == FileFacts.Of(path)?.Identity)
            {
                return new EnvironmentLock(path, file);
            }

            file.Dispose(); // the former owner has removed this file, and another one may have its path
        }
    }
}
