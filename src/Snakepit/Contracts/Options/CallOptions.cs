namespace Snakepit;

/// <summary>Options of a single call, which override the options of the pool.</summary>
public sealed record CallOptions
{
    /// <summary>
    /// Maximum duration of the call, counted from when a worker takes the call, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>
    /// for no limit. Default: null, which means <see cref="SnakepitOptions.CallTimeout"/> for a call and
    /// <see cref="SnakepitOptions.StreamTimeout"/> for a stream.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// Whether the call may run twice without harm. If its worker is lost, an idempotent call is retried once on another worker, within the
    /// same time limit. A stream is retried only if none of its chunks has arrived yet. Calls of sessions are retried only if the session's
    /// affinity is <see cref="AffinityMode.Prefer"/>. Default: false.
    /// </summary>
    public bool Idempotent { get; init; }
}
