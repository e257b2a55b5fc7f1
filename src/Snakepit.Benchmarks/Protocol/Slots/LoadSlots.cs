using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>A closed loop through the pool: each caller makes one ping after the other.</summary>
/// <param name="Callers">How many callers at once.</param>
/// <param name="Milliseconds">How long new calls are started.</param>
[SlotName("closed")]
internal sealed record ClosedLoopSlot(int Callers, int Milliseconds) : Slot<LoopReply>;

/// <summary>
/// The same transport without the pool: one loop of pings a worker, written by hand. The workers are started with the first such slot of a
/// host.
/// </summary>
/// <param name="Workers">How many workers, and loops.</param>
/// <param name="Milliseconds">How long new calls are started.</param>
[SlotName("bare")]
internal sealed record BareLoopSlot(int Workers, int Milliseconds) : Slot<LoopReply>;

/// <summary>An open loop: pings start when the schedule says, whether or not earlier ones have ended.</summary>
/// <param name="Starts">When each call is meant to start, in microseconds from <paramref name="Begin"/>.</param>
/// <param name="Begin">A moment of the monotonic clock that all processes of the machine share, in its ticks; 0 for now.</param>
[SlotName("open")]
internal sealed record OpenLoopSlot(ImmutableArray<int> Starts, long Begin = 0) : Slot<OpenLoopReply>;

/// <summary>One caller that makes one ping after the other.</summary>
/// <param name="Count">How many calls.</param>
[SlotName("single")]
internal sealed record SingleCallerSlot(int Count) : Slot<TimesReply>;

/// <summary>One stream, from the call to its end.</summary>
/// <param name="Chunks">How many chunks it has.</param>
[SlotName("stream")]
internal sealed record StreamSlot([property: JsonPropertyName("count")] int Chunks) : Slot<RateReply>;

/// <summary>One caller whose argument and result are a text.</summary>
/// <param name="Characters">The length of the text.</param>
/// <param name="Count">How many calls.</param>
[SlotName("payload")]
internal sealed record PayloadSlot([property: JsonPropertyName("amount")] double Characters, int Count) : Slot<TimesReply>;

/// <summary>A worker is killed in the middle of a call: how soon its caller is told, and how soon all workers are idle again.</summary>
/// <param name="Count">How many times in a row.</param>
/// <param name="Seed">The seed of the pauses between.</param>
[SlotName("recover")]
internal sealed record RecoverySlot(int Count, int Seed = 0) : Slot<RecoveryReply>;
