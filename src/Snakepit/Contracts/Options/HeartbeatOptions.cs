namespace Snakepit;

/// <summary>How the pool detects workers that hang although they run no call, or that a signal has stopped.</summary>
public sealed record HeartbeatOptions
{
    /// <summary>
    /// How often each worker is checked, and how long an idle worker may take to answer a ping. At least 10 ms. Default: 2 s.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A worker that misses this many heartbeats in a row is killed and replaced. Default: 3.</summary>
    public int MaxMissed { get; init; } = 3;
}
