namespace Snakepit;

/// <summary>
/// Limits at which a healthy worker is recycled, that is, replaced by a fresh worker. The old worker takes calls until its successor is
/// ready, so the pool never has fewer workers than usual. Sessions whose state the old worker keeps lose their state.
/// </summary>
public sealed record RecyclingOptions
{
    /// <summary>
    /// The age at which a worker is replaced, counted from when the worker was ready. Default: <see cref="Timeout.InfiniteTimeSpan"/>,
    /// never.
    /// </summary>
    public TimeSpan MaxAge { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The number of calls after which a worker is replaced. Default: null, never.</summary>
    public long? MaxCalls { get; init; }

    /// <summary>
    /// The resident memory, in bytes, above which a worker is replaced. At every heartbeat the pool reads the resident memory of the
    /// worker's own process (RssAnon and RssFile). It includes memory that the worker shares with its template process, but not the shared
    /// memory in which arrays travel. Default: null, never.
    /// </summary>
    public long? MaxMemoryBytes { get; init; }

    /// <summary>
    /// The largest fraction by which <see cref="MaxAge"/> and <see cref="MaxCalls"/> are shortened. The actual fraction differs for each
    /// worker, so that workers which started together are not all recycled together. From 0 to 0.9. Default: 0.1.
    /// </summary>
    public double Jitter { get; init; } = 0.1;
}
