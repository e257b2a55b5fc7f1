namespace Snakepit.Pooling;

/// <summary>What is to be done about a call that wants a worker, or about a worker that is free again.</summary>
internal enum PoolAction
{
    /// <summary>Nothing: the worker is idle now, or has gone.</summary>
    None,

    /// <summary>The worker runs the waiter's call; without a waiter, the call that has just asked.</summary>
    Grant,

    /// <summary>The pool is exhausted: the call waits its turn.</summary>
    Wait,

    /// <summary>The pool is saturated: the call is refused.</summary>
    RefuseSaturated,

    /// <summary>The pool is stopping: the call is refused.</summary>
    RefuseStopped,
}

/// <summary>An answer of <see cref="PoolState"/>; a value, because one is made for every call.</summary>
internal readonly record struct PoolDecision(PoolAction Action, int Worker = 0, Waiter? Waiter = null);
