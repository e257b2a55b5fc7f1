namespace Snakepit.Scheduling;

/// <summary>
/// What recent starts and losses of workers say about the next start: how long to delay it, and whether callers should wait for it.
/// </summary>
internal sealed class StartHistory(int desiredWorkers)
{
    // One or two starts may fail by chance.
    private const int FewestFailures = 3;

    private readonly RestartBackoff _backoff = new(desiredWorkers);
    private int _failedStarts; // in a row

    /// <summary>How long to wait before the next worker is started in place of one that ended.</summary>
    public TimeSpan RestartDelay { get; private set; }

    /// <summary>True once so many starts in a row have failed that callers should not wait for the next one.</summary>
    public bool IsHopeless => _failedStarts >= Math.Max(FewestFailures, desiredWorkers);

    public void WorkerReady() => _failedStarts = 0;

    /// <summary>A worker was lost.</summary>
    /// <param name="wasReady">False if it could not even be started.</param>
    /// <param name="readyFor">How long it was ready.</param>
    /// <param name="now">When it was lost.</param>
    public void WorkerLost(bool wasReady, TimeSpan readyFor, TimeSpan now)
    {
        _failedStarts += wasReady ? 0 : 1;
        RestartDelay = _backoff.AfterLife(readyFor, now);
    }
}
