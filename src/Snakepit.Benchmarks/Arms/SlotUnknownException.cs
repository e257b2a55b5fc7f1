namespace Snakepit.Benchmarks.Arms;

/// <summary>A host has no slot of that name, because its revision is older than the slot.</summary>
/// <param name="slot">The slot's name.</param>
internal sealed class SlotUnknownException(string slot) : Exception($"has no slot '{slot}' yet");
