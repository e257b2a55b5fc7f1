namespace Snakepit.Benchmarks.Arms;

/// <summary>
/// Thrown when a host process has ended, does not respond, or reports that a slot failed, for example because a call of the slot failed.
/// </summary>
/// <param name="side">The side that the host belongs to.</param>
/// <param name="what">
/// What happened to the host, as the end of a sentence that begins with "The host of the pin" or "The host of the candidate".
/// </param>
/// <param name="innerException">The exception that revealed the failure; null if there was none.</param>
internal sealed class ArmLostException(Side side, string what, Exception? innerException)
    : Exception($"The host of the {side.ToWord()} {what}", innerException)
{
    public Side Side => side;
}
