namespace Snakepit.Benchmarks.Gate;

/// <summary>One suite at a time on a machine: two would measure each other.</summary>
internal sealed class SuiteLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly FileStream _file;

    private SuiteLock(FileStream file) => _file = file;

    /// <summary>The machine's one lock.</summary>
    public static string MachineWide { get; } = Path.Combine(Path.GetTempPath(), "snakepit-performance.lock");

    /// <summary>Waits for the suite that runs, if one does.</summary>
    /// <param name="path">The lock's file.</param>
    /// <param name="progress">Told once if there is something to wait for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SuiteLock> TakeAsync(string path, Action<string> progress, CancellationToken cancellationToken)
    {
        for (var told = false; ; told = true)
        {
            try
            {
                return new SuiteLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException exception) when (exception is not (FileNotFoundException or DirectoryNotFoundException))
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
}
