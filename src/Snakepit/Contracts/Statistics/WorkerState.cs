namespace Snakepit;

/// <summary>What a worker is doing, from its start to its end.</summary>
public enum WorkerState
{
    /// <summary>Its process starts, connects and answers its first ping.</summary>
    Starting,

    /// <summary>Ready for a call.</summary>
    Idle,

    /// <summary>Running as many calls as it takes at once.</summary>
    Busy,

    /// <summary>Finishing what it runs; it takes no more calls.</summary>
    Draining,
}
