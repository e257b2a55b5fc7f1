namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>
/// Lets one tool call .NET several times, and measures in Python how long each call takes. Needs the pool of <see cref="StartToolsSlot"/>.
/// </summary>
/// <param name="Count">The number of calls from Python to .NET.</param>
[SlotName("host.calls")]
internal sealed record HostCallSlot(int Count) : Slot<TimesReply>;

/// <summary>
/// Makes calls in which a tool calls .NET, which calls a tool, which calls .NET, and so on, with a single caller. Measures how long each
/// takes as a whole. Needs the pool of <see cref="StartToolsSlot"/>.
/// </summary>
/// <param name="Depth">How often a call gets from Python to .NET. Each time needs a worker.</param>
/// <param name="Count">The number of calls.</param>
[SlotName("host.nested")]
internal sealed record NestedHostCallSlot(int Depth, int Count) : Slot<TimesReply>;

/// <summary>
/// Runs a closed loop of calls to tools that call .NET several times each, and measures the rate of the calls from Python to .NET. Needs
/// the pool of <see cref="StartToolsSlot"/>.
/// </summary>
/// <param name="Callers">The number of callers that make calls at the same time.</param>
/// <param name="Milliseconds">The time for which callers start new calls, in milliseconds.</param>
[SlotName("host.loop")]
internal sealed record HostCallLoopSlot(int Callers, int Milliseconds) : Slot<RateReply>;
