namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>
/// A fault that a validation injects into the candidate to see that the gate finds it. As a slot it injects the fault into everything that
/// the host starts and calls from then on.
/// </summary>
/// <param name="Kind">What goes wrong: the name of one of the host's faults.</param>
/// <param name="Amount">How much, in the unit of the kind.</param>
[SlotName("fault")]
internal sealed record Fault(string Kind, double Amount = 0) : Slot<EmptyReply>
{
    /// <summary>Nothing goes wrong.</summary>
    public static Fault None { get; } = new("None");
}
