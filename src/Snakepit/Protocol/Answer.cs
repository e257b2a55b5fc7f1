using Google.Protobuf;

namespace Snakepit.Protocol;

/// <summary>How a call has ended, for a caller who does not know it yet.</summary>
/// <param name="Call">The call.</param>
/// <param name="Result">Its result, or the end of its stream.</param>
/// <param name="Failure">Why it has none.</param>
internal readonly record struct Answer(PendingCall Call, ByteString? Result, Exception? Failure)
{
    /// <summary>Tells the caller.</summary>
    /// <param name="here">Whether the caller may go on right here, on a thread that nobody else waits for: that spares a thread switch.</param>
    public void Tell(bool here) => Call?.End(Result, Failure, here);
}
