namespace Snakepit.Scheduling;

/// <summary>
/// Records recent starts and losses of workers, and decides from them how long to delay the next start and whether callers should wait for
/// it.
/// </summary>
internal sealed class StartHistory(int desiredWorkers)
{
    // The lowest number of failed starts in a row that counts as hopeless. One or two starts may fail by chance.
    private const int FewestFailures = 3;

    private readonly RestartBackoff _backoff = new(desiredWorkers);
    private int _failedStarts; // the number of failed starts in a row

    /// <summary>The time to wait before the next worker is started in place of a worker that ended.</summary>
    public TimeSpan RestartDelay { get; private set; }

    /// <summary>Whether so many starts in a row have failed that callers should not wait for the next one.</summary>
    public bool IsHopeless => _failedStarts >= Math.Max(FewestFailures, desiredWorkers);

    public void WorkerReady()
    {
        _failedStarts = 0;
        _backoff.Started();
    }

    /// <summary>Records that a worker is replaced because a call was interrupted in it.</summary>
    public void WorkerInterrupted() => _backoff.Interrupted();

    /// <summary>Records that a worker was lost or could not be started.</summary>
    /// <param name="wasReady">Whether the worker was ready before it was lost; false if it could not be started.</param>
    /// <param name="readyFor">The time that the worker was ready before it was lost.</param>
    /// <param name="now">The time at which the worker was lost, counted from the start of the pool.</param>
    public void WorkerLost(bool wasReady, TimeSpan readyFor, TimeSpan now)
    {
        _failedStarts += wasReady ? 0 : 1;
        RestartDelay = wasReady ? _backoff.AfterLife(readyFor, now) : _backoff.AfterFailedStart(now);
    }
}
