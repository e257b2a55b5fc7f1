namespace Snakepit;

/// <summary>Affinity of a session to its worker: what a call does while the worker that keeps the session's state is busy.</summary>
public enum AffinityMode
{
    /// <summary>
    /// The call runs on any other free worker. There it sees an empty state, which is dropped when the call ends. If the session's worker
    /// is lost, the session goes on with an empty state on another worker. Use this mode for state that is only a cache. It is the default.
    /// </summary>
    Prefer,

    /// <summary>
    /// The call waits in the queue until the session's worker is free. Use this mode if a call must always see the session's state.
    /// </summary>
    Wait,

    /// <summary>
    /// The call throws <see cref="SessionBusyException"/> at once. Use this mode if a call must always see the session's state and the
    /// caller cannot wait.
    /// </summary>
    FailFast,
}
