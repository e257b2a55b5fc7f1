using Snakepit.Scheduling;

namespace Snakepit.Protocol;

/// <summary>The part of the pool that is told what happens to the calls of one worker, and decides what follows from it.</summary>
internal interface ICallSupervisor
{
    /// <summary>
    /// Called when the worker has answered a call, before the call's caller is notified. Returns the queued caller whose call the worker
    /// runs next, if any.
    /// </summary>
    /// <param name="call">The call that has ended.</param>
    /// <param name="interrupted">Whether the worker has ever interrupted a tool at an arbitrary point of its code.</param>
    INextCaller? CallEnded(PendingCall call, bool interrupted);

    /// <summary>
    /// Called when a caller has cancelled its call, or the call's time limit has passed, before the worker has answered.
    /// </summary>
    void CallAbandoned(PendingCall call);

    /// <summary>
    /// Called when the worker reports that a cancelled call has reached no safe point, so that only an interruption can end it.
    /// </summary>
    void NeedsInterruption(PendingCall call);

    /// <summary>Decides whether a cancelled call may be interrupted now at an arbitrary point of its code.</summary>
    Interruption MayInterrupt(PendingCall call);
}
