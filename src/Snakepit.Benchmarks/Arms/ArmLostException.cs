namespace Snakepit.Benchmarks.Arms;

/// <summary>A host process ended, hangs, or reports that a slot failed, as it does when a call fails.</summary>
/// <param name="side">The side whose host it is.</param>
/// <param name="what">What happened, as the end of a sentence about the host.</param>
/// <param name="innerException">What was thrown below, if anything.</param>
internal sealed class ArmLostException(Side side, string what, Exception? innerException)
    : Exception($"The host of the {side.ToWord()} {what}", innerException)
{
    public Side Side => side;
}
