namespace Snakepit.Benchmarks.Arms;

/// <summary>Thrown when a host does not have the requested slot, because its revision is older than the slot.</summary>
/// <param name="slot">The name of the slot in the protocol.</param>
internal sealed class SlotUnknownException(string slot) : Exception($"has no slot '{slot}' yet");
