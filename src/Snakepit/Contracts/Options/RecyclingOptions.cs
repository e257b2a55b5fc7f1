namespace Snakepit;

/// <summary>
/// When a healthy worker is replaced by a fresh one. The old worker takes calls until its successor is ready, so the pool never has fewer
/// workers. Sessions whose state the old worker keeps lose it.
/// </summary>
public sealed record RecyclingOptions
{
    /// <summary>
    /// The age at which a worker is replaced, counted from when it was ready. Default: <see cref="Timeout.InfiniteTimeSpan"/>, never.
    /// </summary>
    public TimeSpan MaxAge { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The number of calls after which a worker is replaced. Default: null, never.</summary>
    public long? MaxCalls { get; init; }

    /// <summary>
    /// The resident memory, in bytes, above which a worker is replaced. It is read at every heartbeat, as VmRSS of the worker's own
    /// process, which includes memory that it shares with its template. Default: null, never.
    /// </summary>
    public long? MaxMemoryBytes { get; init; }

    /// <summary>
    /// The largest fraction by which <see cref="MaxAge"/> and <see cref="MaxCalls"/> are shortened. It differs for each worker, so that
    /// workers which started together are not all recycled together. From 0 to 0.9. Default: 0.1.
    /// </summary>
    public double Jitter { get; init; } = 0.1;
}
