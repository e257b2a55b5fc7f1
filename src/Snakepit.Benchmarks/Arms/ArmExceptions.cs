namespace Snakepit.Benchmarks.Arms;

/// <summary>A host has ended, hangs or failed in a slot, as it does when a call fails.</summary>
internal sealed class ArmLostException(Side side, string what, Exception? innerException)
    : Exception($"The host of the {(side == Side.Pin ? "pin" : "candidate")} {what}", innerException)
{
    public Side Side => side;
}

/// <summary>There is nothing to compare with.</summary>
internal sealed class NotComparableException(string reason, string remedy, Exception? innerException = null)
    : Exception($"Not comparable: {reason}. To mend it: {remedy}.", innerException);
