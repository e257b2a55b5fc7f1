namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>
/// A fault that a validation injects into the candidate to check that the performance gate finds it. Sent as a slot, it makes the host
/// inject the fault into everything that the host starts and calls from then on.
/// </summary>
/// <param name="Kind">The name of one of the host's faults, which says what goes wrong.</param>
/// <param name="Amount">The size of the fault, in the unit of its kind.</param>
[SlotName("fault")]
internal sealed record Fault(string Kind, double Amount = 0) : Slot<EmptyReply>
{
    /// <summary>The absence of a fault: nothing goes wrong.</summary>
    public static Fault None { get; } = new("None");
}
