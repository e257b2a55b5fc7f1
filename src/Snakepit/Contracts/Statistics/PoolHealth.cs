namespace Snakepit;

/// <summary>How a pool is.</summary>
public enum PoolHealth
{
    /// <summary>Its workers run, or start without delay.</summary>
    Healthy,

    /// <summary>Workers keep dying young, so that it has fewer than it should and delays their restart.</summary>
    Degraded,

    /// <summary>It has no worker and cannot start any: calls are refused with <see cref="PoolUnavailableException"/> until it can.</summary>
    Unavailable,
}
