namespace Snakepit.Scheduling;

/// <summary>What is to be done about a call that wants a worker, or about a worker that is free again.</summary>
internal enum PoolAction
{
    /// <summary>Nothing: the worker is idle now, or has gone.</summary>
    None,

    /// <summary>The worker runs the waiter's call; without a waiter, the call that has just asked.</summary>
    Grant,

    /// <summary>The pool is exhausted, or the session's worker busy: the call waits its turn.</summary>
    Wait,

    /// <summary>The pool is saturated: the call is refused.</summary>
    RefuseSaturated,

    /// <summary>The pool is stopping: the call is refused.</summary>
    RefuseStopped,

    /// <summary>No worker runs and none can be started: the call is refused.</summary>
    RefuseUnavailable,

    /// <summary>The call has waited too long: it is refused.</summary>
    RefuseOverdue,

    /// <summary>The session's worker is busy and the session does not wait: the call is refused.</summary>
    RefuseSessionBusy,

    /// <summary>The session is over: the call is refused.</summary>
    RefuseSessionLost,

    /// <summary>The worker is retired and has nothing more to do: it is to be ended.</summary>
    End,
}

/// <summary>An answer of <see cref="PoolState"/>; a value, because one is made for every call.</summary>
/// <param name="Action">What is to be done.</param>
/// <param name="Worker">The worker that it is about; 0 for none.</param>
/// <param name="Waiter">Who waited, and is granted the worker or refused.</param>
/// <param name="IsHome">Whether the worker keeps the state of the call's session.</param>
internal readonly record struct PoolDecision(PoolAction Action, int Worker = 0, Waiter? Waiter = null, bool IsHome = false);
