namespace Snakepit.Benchmarks.Machines;

/// <summary>
/// A lock on a file, so that only one performance suite at a time measures on this machine. Two suites would slow each other down.
/// </summary>
internal sealed class SuiteLock : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly FileStream _file;

    private SuiteLock(FileStream file) => _file = file;

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
    /// <param name="share">
    /// <see cref="FileShare.None"/> to hold the lock alone, <see cref="FileShare.Read"/> to hold it together with others that do the same.
    /// </param>
    /// <exception cref="UnauthorizedAccessException">Another user created the file and does not let others read it.</exception>
    public static async Task<SuiteLock> TakeAsync(
        string path, Action<string> progress, CancellationToken cancellationToken, FileShare share = FileShare.None)
    {
        for (var hasReported = false; ; hasReported = true)
        {
            try
            {
                return new SuiteLock(Open(path, share));
            }
            catch (IOException exception) when (exception is not DirectoryNotFoundException)
            {
                if (!hasReported)
                {
                    progress($"waiting: another suite of Snakepit runs on this machine ({exception.Message})");
                }

                await Task.Delay(RetryInterval, cancellationToken);
            }
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>
    /// Opens an existing lock file for reading only. That is enough to lock it, and a user who did not create the file may only read it.
    /// </summary>
    private static FileStream Open(string path, FileShare share)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, share);
        }
        catch (FileNotFoundException)
        {
            return new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, share);
        }
    }
}
