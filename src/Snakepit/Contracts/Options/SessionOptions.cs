namespace Snakepit;

/// <summary>Limits of a pool's sessions.</summary>
public sealed record SessionOptions
{
    /// <summary>
    /// The number of sessions that may be open at the same time. Any further session is refused with <see cref="SessionLimitException"/>.
    /// Default: 10,000.
    /// </summary>
    public int Limit { get; init; } = 10_000;

    /// <summary>
    /// The time that a session may stay unused before it ends, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit. Default: 1 h.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(1);
}
