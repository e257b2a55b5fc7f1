namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>
/// Starts a pool whose workers have the tools that streams, sessions and calls from Python to .NET are measured with, and measures how long
/// the start takes.
/// </summary>
/// <param name="Workers">The number of workers.</param>
/// <param name="WithFailingTools">True to add the tools that wait until they are cancelled.</param>
[SlotName("start.tools")]
internal sealed record StartToolsSlot(int Workers, bool WithFailingTools = false) : Slot<DurationReply>;
