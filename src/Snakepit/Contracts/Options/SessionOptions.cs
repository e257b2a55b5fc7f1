namespace Snakepit;

/// <summary>Limits of a pool's sessions.</summary>
public sealed record SessionOptions
{
    /// <summary>
    /// How many sessions may be open at the same time. One more is refused with <see cref="SessionLimitException"/>. Default: 10,000.
    /// </summary>
    public int Limit { get; init; } = 10_000;

    /// <summary>
    /// How long a session may stay unused before it ends, or <see cref="Timeout.InfiniteTimeSpan"/>. Default: 1 h.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(1);
}
