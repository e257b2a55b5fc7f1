using Google.Protobuf;
using Snakepit.Scheduling;

namespace Snakepit.Protocol;

/// <summary>How a call has ended, for a caller who does not know it yet, and who comes after it.</summary>
/// <param name="Call">The call.</param>
/// <param name="Result">Its result, or the end of its stream.</param>
/// <param name="Failure">Why it has none.</param>
/// <param name="Successor">Who takes its place, if anybody waits for it.</param>
internal readonly record struct Answer(PendingCall Call, ByteString? Result, Exception? Failure, ISuccessor? Successor)
{
    /// <summary>Lets the successor begin, and then tells the caller.</summary>
    /// <param name="here">Whether both may go on right here, on a thread that nobody else waits for: that spares thread switches.</param>
    public void Tell(bool here)
    {
        Successor?.Begin(here);
        Call?.End(Result, Failure, here);
    }
}
