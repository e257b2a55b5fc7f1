namespace Snakepit;

/// <summary>How the pool finds out that a worker which should be idle is in truth stopped or stuck.</summary>
public sealed record HeartbeatOptions
{
    /// <summary>How often a worker is looked at, and how long an idle one may take to answer a ping; at least 10 ms. Default: 2 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A worker that misses this many heartbeats in a row is killed and replaced. Default: 3.</summary>
    public int MaxMissed { get; init; } = 3;
}
