namespace Snakepit.Protocol;

/// <summary>
/// The part of the pool that has a call at the moment: first the wait queue, then the connection to the worker that runs it.
/// </summary>
internal interface ICallOwner
{
    /// <summary>
    /// The caller gives up and gets <paramref name="reason"/>. Nothing happens if the call has ended, or has another owner by now.
    /// </summary>
    void Abandon(PendingCall call, Exception reason);
}
