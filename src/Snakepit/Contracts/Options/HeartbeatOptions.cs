namespace Snakepit;

/// <summary>
/// Settings of the heartbeat, by which the pool detects workers that hang although they run no call, and workers that a signal has stopped.
/// </summary>
public sealed record HeartbeatOptions
{
    /// <summary>
    /// The time between two checks of a worker, and the time that an idle worker may take to answer a ping. At least 10 ms. Default: 2 s.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The number of heartbeats in a row that a worker must miss to be killed and replaced. Default: 3.</summary>
    public int MaxMissed { get; init; } = 3;
}
