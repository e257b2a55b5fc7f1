namespace Snakepit.Scheduling;

/// <summary>The actions that <see cref="PoolState"/> can decide on, for a call that asks for a worker or for a worker itself.</summary>
internal enum PoolAction
{
    /// <summary>Nothing has to be done: no caller waits for the worker, or the worker is gone.</summary>
    None,

    /// <summary>The worker is granted to a caller: to the waiter, if there is one, or else to the caller that has just asked.</summary>
    Grant,

    /// <summary>The call waits in the queue, because no worker is idle or the session's worker is busy.</summary>
    Wait,

    /// <summary>The call is refused, because the wait queue is full.</summary>
    RefuseSaturated,

    /// <summary>The call is refused, because the pool is stopping.</summary>
    RefuseStopped,

    /// <summary>The call is refused, because no worker runs and no worker can be started.</summary>
    RefuseUnavailable,

    /// <summary>The call is refused, because it has waited longer than the queue timeout.</summary>
    RefuseOverdue,

    /// <summary>
    /// The call is refused, because no worker that may run it is free and its session's mode is <see cref="AffinityMode.FailFast"/>.
    /// </summary>
    RefuseSessionBusy,

    /// <summary>The call is refused, because its session has ended.</summary>
    RefuseSessionLost,

    /// <summary>The worker is being replaced and its last call has ended, so it must be asked to exit.</summary>
    ShutDown,

    /// <summary>The worker is being replaced and runs only calls that it will never answer, so it must be killed.</summary>
    Kill,
}

/// <summary>A decision of <see cref="PoolState"/>. It is a struct to avoid an allocation, because every call needs decisions.</summary>
/// <param name="Action">The action to carry out.</param>
/// <param name="Worker">The number of the worker that the action is about; 0 if it is about no worker.</param>
/// <param name="Waiter">The waiting caller that gets the worker or is refused; null if the action is about no waiting caller.</param>
/// <param name="IsHome">Whether the worker keeps the state of the call's session.</param>
internal readonly record struct PoolDecision(PoolAction Action, int Worker = 0, Waiter? Waiter = null, bool IsHome = false);
