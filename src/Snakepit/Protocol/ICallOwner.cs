namespace Snakepit.Protocol;

/// <summary>
/// The owner of a call: the part of the pool that is responsible for the call at the moment. First this is the wait queue, then the
/// connection to the worker that runs the call.
/// </summary>
internal interface ICallOwner
{
    /// <summary>
    /// Ends the caller's wait, for example after a cancellation. The caller gets <paramref name="reason"/>. Has no effect if the call has
    /// ended, or has another owner by now.
    /// </summary>
    void Abandon(PendingCall call, Exception reason);
}
