namespace Snakepit;

/// <summary>What one call does differently from the pool's options.</summary>
public sealed record CallOptions
{
    /// <summary>
    /// How long this call may run once a worker has taken it, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>. Default: null,
    /// <see cref="SnakepitOptions.CallTimeout"/> for a call and <see cref="SnakepitOptions.StreamTimeout"/> for a stream.
    /// </summary>
    public TimeSpan? Timeout { get; init; }
}
