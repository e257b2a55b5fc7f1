namespace Snakepit;

/// <summary>What one call does differently from the pool's options.</summary>
public sealed record CallOptions
{
    /// <summary>
    /// How long this call may run once a worker has taken it, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>. Default: null,
    /// <see cref="SnakepitOptions.CallTimeout"/> for a call and <see cref="SnakepitOptions.StreamTimeout"/> for a stream.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// True if the call may run twice without harm. If its worker is lost, it is made once more on another one, within the same time limit; a
    /// stream only before its first chunk. A call of a session that does not merely prefer its worker is not repeated. Default: false.
    /// </summary>
    public bool Idempotent { get; init; }
}
