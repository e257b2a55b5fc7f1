namespace Snakepit;

/// <summary>Limits of a pool's sessions.</summary>
public sealed record SessionOptions
{
    /// <summary>How many sessions may be open; one more is refused. Default: 10,000.</summary>
    public int Limit { get; init; } = 10_000;

    /// <summary>A session that nobody uses for so long ends, or <see cref="Timeout.InfiniteTimeSpan"/>. Default: 1 h.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(1);
}
