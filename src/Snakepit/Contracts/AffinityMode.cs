namespace Snakepit;

/// <summary>What a call of a session does when the worker that keeps the session's state is busy.</summary>
public enum AffinityMode
{
    /// <summary>
    /// It goes to any other worker that is free, where it sees an empty state that is forgotten afterwards. For state that is a cache. If the
    /// worker is lost, the session goes on with an empty state on another one.
    /// </summary>
    Prefer,

    /// <summary>It waits for that worker, in its turn. For state that matters.</summary>
    Wait,

    /// <summary>It never waits: <see cref="SessionBusyException"/>. For state that matters, and callers who cannot wait.</summary>
    FailFast,
}
