namespace Snakepit;

/// <summary>The health of a pool: whether it has as many running workers as its options ask for.</summary>
public enum PoolHealth
{
    /// <summary>All workers run, or are being started without delay.</summary>
    Healthy,

    /// <summary>
    /// Workers keep ending soon after their start. Some workers are missing, and the pool delays the start of their successors.
    /// </summary>
    Degraded,

    /// <summary>
    /// No worker runs, and the pool's attempts to start a worker keep failing. The pool goes on trying. Until an attempt succeeds, calls
    /// are refused with <see cref="PoolUnavailableException"/>.
    /// </summary>
    Unavailable,
}
