namespace Snakepit.Scheduling;

/// <summary>What to do about a call that asks for a worker, or about a worker.</summary>
internal enum PoolAction
{
    /// <summary>Nothing: no caller waits for the worker, or the worker is gone.</summary>
    None,

    /// <summary>The worker runs a call: the waiter's, or without a waiter the call that has just asked.</summary>
    Grant,

    /// <summary>No worker is idle, or the session's worker is busy: the call waits in the queue.</summary>
    Wait,

    /// <summary>The wait queue is full: the call is refused.</summary>
    RefuseSaturated,

    /// <summary>The pool is stopping: the call is refused.</summary>
    RefuseStopped,

    /// <summary>No worker runs, and none can be started: the call is refused.</summary>
    RefuseUnavailable,

    /// <summary>The call has waited longer than the queue timeout: it is refused.</summary>
    RefuseOverdue,

    /// <summary>The session's worker is busy, and the session's mode is not to wait: the call is refused.</summary>
    RefuseSessionBusy,

    /// <summary>The session has ended: the call is refused.</summary>
    RefuseSessionLost,

    /// <summary>The worker is retired and its last call has ended: ask it to exit.</summary>
    ShutDown,

    /// <summary>The worker is retired and runs only calls that it will never answer: kill it.</summary>
    Kill,
}

/// <summary>An answer of <see cref="PoolState"/>. A struct, because every call needs one.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Worker">The number of the worker concerned; 0 for none.</param>
/// <param name="Waiter">The waiting caller who gets the worker or is refused; null for none.</param>
/// <param name="IsHome">True if the worker keeps the state of the call's session.</param>
internal readonly record struct PoolDecision(PoolAction Action, int Worker = 0, Waiter? Waiter = null, bool IsHome = false);
