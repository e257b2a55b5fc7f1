using Snakepit.Payloads;

namespace Snakepit.Protocol;

/// <summary>
/// A finished call whose caller has not been notified yet, and the queued caller that gets the place that the call has left on its worker.
/// </summary>
/// <param name="Call">The finished call.</param>
/// <param name="Result">The result of the call, or an empty payload at the end of a stream; the default value if the call failed.</param>
/// <param name="Failure">The reason why the call failed; null if the call has a result.</param>
/// <param name="Next">The queued caller that gets the place; null if no caller gets it.</param>
internal readonly record struct CompletedCall(PendingCall Call, Payload Result, Exception? Failure, INextCaller? Next)
{
    /// <summary>
    /// Sends the call of the next caller, and then notifies the caller of the finished call. On the default value of this struct, the
    /// method does nothing.
    /// </summary>
    /// <param name="inline">
    /// True to do both on this thread, which saves thread switches. Only allowed on a thread that has nothing else to do, because the
    /// application's code may run on it for any length of time.
    /// </param>
    public void Notify(bool inline)
    {
        Next?.Start(inline);
        Call?.Complete(Result, Failure, inline);
    }
}
