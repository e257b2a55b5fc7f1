namespace Snakepit;

/// <summary>What a call of a session does while the worker that keeps the session's state is busy.</summary>
public enum AffinityMode
{
    /// <summary>
    /// It runs on any other free worker. There it sees an empty state, which is dropped when the call ends. If the session's worker is
    /// lost, the session goes on with an empty state on another one. Use it for state that is only a cache. The default.
    /// </summary>
    Prefer,

    /// <summary>It waits in the queue for that worker. Use it for state that must not be missed.</summary>
    Wait,

    /// <summary>
    /// It throws <see cref="SessionBusyException"/> at once. Use it for state that must not be missed, when the caller cannot wait.
    /// </summary>
    FailFast,
}
