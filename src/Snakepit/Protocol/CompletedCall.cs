using Google.Protobuf;

namespace Snakepit.Protocol;

/// <summary>A finished call whose caller has not been notified yet, and the queued call that takes its slot.</summary>
/// <param name="Call">The call.</param>
/// <param name="Result">Its result, or an empty string at the end of a stream; null if it failed.</param>
/// <param name="Failure">Why it failed; null if it has a result.</param>
/// <param name="Next">The queued caller who takes the slot, if any.</param>
internal readonly record struct CompletedCall(PendingCall Call, ByteString? Result, Exception? Failure, INextCaller? Next)
{
    /// <summary>Lets the next caller send its call, and then notifies the caller of this one. The default value does nothing.</summary>
    /// <param name="inline">
    /// True to continue both on this thread, which saves thread switches. Only for a thread that no one waits for: the application's code
    /// runs on it for as long as it likes.
    /// </param>
    public void Notify(bool inline)
    {
        Next?.Start(inline);
        Call?.Complete(Result, Failure, inline);
    }
}
