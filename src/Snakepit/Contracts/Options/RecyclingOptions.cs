namespace Snakepit;

/// <summary>
/// When a worker is replaced although nothing is wrong with it. Its successor is ready before it stops taking calls, and the pool's size stays
/// the same. A session whose state it keeps loses it.
/// </summary>
public sealed record RecyclingOptions
{
    /// <summary>After so long, counted from when it is ready, or <see cref="Timeout.InfiniteTimeSpan"/>. Default: never.</summary>
    public TimeSpan MaxAge { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>After so many calls. Default: null, never.</summary>
    public long? MaxCalls { get; init; }

    /// <summary>
    /// When the worker's own process holds more resident memory than that, in bytes (VmRSS, which includes what it shares with its template).
    /// Looked at with every heartbeat. Default: null, never.
    /// </summary>
    public long? MaxMemoryBytes { get; init; }

    /// <summary>
    /// Age and calls are shortened by up to this part, differently for each worker, so that workers that started together are not recycled
    /// together. From 0 to 0.9. Default: 0.1.
    /// </summary>
    public double Jitter { get; init; } = 0.1;
}
