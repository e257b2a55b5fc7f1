namespace Snakepit;

/// <summary>The states of a worker.</summary>
public enum WorkerState
{
    /// <summary>The worker's process is starting and has not answered its first ping.</summary>
    Starting,

    /// <summary>The worker can take a call now.</summary>
    Idle,

    /// <summary>The worker runs as many calls as it can run at the same time.</summary>
    Busy,

    /// <summary>The worker takes no more calls and ends when its running calls have ended.</summary>
    Draining,
}
