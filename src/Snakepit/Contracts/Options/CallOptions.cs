namespace Snakepit;

/// <summary>Options of a single call, which override those of the pool.</summary>
public sealed record CallOptions
{
    /// <summary>
    /// Maximum duration of the call, from when a worker takes it, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>. Default:
    /// null, which means <see cref="SnakepitOptions.CallTimeout"/> for a call and <see cref="SnakepitOptions.StreamTimeout"/> for a
    /// stream.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// True if the call may run twice without harm. If its worker is lost, it is retried once on another worker, within the same time
    /// limit; a stream only before its first chunk has arrived. Calls of sessions with another mode than <see cref="AffinityMode.Prefer"/>
    /// are not retried. Default: false.
    /// </summary>
    public bool Idempotent { get; init; }
}
