namespace Snakepit.Benchmarks.Gate;

/// <summary>One suite at a time on a machine, whoever starts it: two would measure each other.</summary>
internal sealed class SuiteLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly FileStream _file;

    private SuiteLock(FileStream file) => _file = file;

    /// <summary>The machine's one lock; not in TMPDIR, which everybody may set for himself.</summary>
    public static string MachineWide => "/tmp/snakepit-performance.lock";

    /// <summary>Waits for the suite that runs, if one does.</summary>
    /// <param name="path">The lock's file; it is made if there is none, and stays.</param>
    /// <param name="progress">Told once if there is something to wait for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read: somebody else has made it for himself alone.</exception>
    public static async Task<SuiteLock> TakeAsync(string path, Action<string> progress, CancellationToken cancellationToken)
    {
        for (var told = false; ; told = true)
        {
            try
            {
                return new SuiteLock(Open(path));
            }
            catch (IOException exception) when (exception is not DirectoryNotFoundException)
            {
                if (!told)
                {
                    progress($"waiting: another suite runs on this machine, or {path} cannot be opened ({exception.Message})");
                }

                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Reading is enough for a lock, and all that is allowed to those who have not made the file.</summary>
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
