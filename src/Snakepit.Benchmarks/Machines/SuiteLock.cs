namespace Snakepit.Benchmarks.Machines;

/// <summary>A lock on a file, so that only one suite at a time measures on this machine: two would slow each other down.</summary>
internal sealed class SuiteLock : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly FileStream _file;

    private SuiteLock(FileStream file) => _file = file;

    /// <summary>
    /// The file that all suites of the machine lock. It is not in TMPDIR, because that variable differs from user to user.
    /// </summary>
    public static string MachineWide => "/tmp/snakepit-performance.lock";

    /// <summary>Takes the lock; waits while another process holds it.</summary>
    /// <param name="path">The file. It is created if it does not exist, and never deleted.</param>
    /// <param name="progress">Called once, with a line of text, if the lock is not free.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnauthorizedAccessException">Another user created the file and does not let others read it.</exception>
    public static async Task<SuiteLock> TakeAsync(string path, Action<string> progress, CancellationToken cancellationToken)
    {
        for (var hasReported = false; ; hasReported = true)
        {
            try
            {
                return new SuiteLock(Open(path));
            }
            catch (IOException exception) when (exception is not DirectoryNotFoundException)
            {
                if (!hasReported)
                {
                    progress($"waiting: another suite runs on this machine, or {path} cannot be opened ({exception.Message})");
                }

                await Task.Delay(RetryInterval, cancellationToken);
            }
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>
    /// Opens for reading only: it is enough for a lock, and users other than the one who created the file may do no more.
    /// </summary>
    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
        }
        catch (FileNotFoundException)
        {
            return new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        }
    }
}
