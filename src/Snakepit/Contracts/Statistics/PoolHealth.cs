namespace Snakepit;

/// <summary>Whether a pool has the workers that it should have.</summary>
public enum PoolHealth
{
    /// <summary>The workers run, or are being started without delay.</summary>
    Healthy,

    /// <summary>Workers keep ending soon after their start. Some are missing, and the pool delays their restart.</summary>
    Degraded,

    /// <summary>
    /// No worker runs, and starting one keeps failing. The pool goes on trying; calls are refused with
    /// <see cref="PoolUnavailableException"/> until it succeeds.
    /// </summary>
    Unavailable,
}
