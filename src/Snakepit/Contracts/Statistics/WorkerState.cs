namespace Snakepit;

/// <summary>What a worker is doing.</summary>
public enum WorkerState
{
    /// <summary>Its process is starting and has not answered its first ping.</summary>
    Starting,

    /// <summary>It can take a call now.</summary>
    Idle,

    /// <summary>It runs as many calls as it takes at once.</summary>
    Busy,

    /// <summary>It takes no more calls and ends when its running calls have ended.</summary>
    Draining,
}
