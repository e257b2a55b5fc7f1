using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>Runs a closed loop of pings through the pool: each caller starts its next ping when its previous one has ended.</summary>
/// <param name="Callers">The number of callers that make calls at the same time.</param>
/// <param name="Milliseconds">The time for which callers start new calls, in milliseconds.</param>
[SlotName("closed")]
internal sealed record ClosedLoopSlot(int Callers, int Milliseconds) : Slot<LoopReply>;

/// <summary>
/// Runs a closed loop of pings over the same transport without the pool: a simple loop for each worker, written by hand. The first slot of
/// this kind in a host starts the workers.
/// </summary>
/// <param name="Workers">The number of workers, which is also the number of loops.</param>
/// <param name="Milliseconds">The time for which callers start new calls, in milliseconds.</param>
[SlotName("bare")]
internal sealed record BareLoopSlot(int Workers, int Milliseconds) : Slot<LoopReply>;

/// <summary>Runs an open loop: each ping starts at its scheduled time, whether or not earlier pings have ended.</summary>
/// <param name="Starts">The intended start of each call, in microseconds after <paramref name="Begin"/>.</param>
/// <param name="Begin">
/// The time at which the schedule begins, in ticks of the monotonic clock, which all processes of the machine share; 0 to begin at once.
/// </param>
[SlotName("open")]
internal sealed record OpenLoopSlot(ImmutableArray<int> Starts, long Begin = 0) : Slot<OpenLoopReply>;

/// <summary>Makes pings one after another with a single caller, and measures the duration of each.</summary>
/// <param name="Count">The number of calls.</param>
[SlotName("single")]
internal sealed record SingleCallerSlot(int Count) : Slot<TimesReply>;

/// <summary>Reads one stream of chunks, from the call to the end of the stream.</summary>
/// <param name="Chunks">The number of chunks of the stream.</param>
[SlotName("stream")]
internal sealed record StreamSlot([property: JsonPropertyName("count")] int Chunks) : Slot<RateReply>;

/// <summary>Sends a text to a worker and back several times with a single caller, and measures the duration of each call.</summary>
/// <param name="Characters">The length of the text, in characters.</param>
/// <param name="Count">The number of calls.</param>
[SlotName("payload")]
internal sealed record PayloadSlot([property: JsonPropertyName("amount")] double Characters, int Count) : Slot<TimesReply>;

/// <summary>Kills a worker in the middle of a call, and measures how soon the call fails and how soon all workers are idle again.</summary>
/// <param name="Count">The number of workers that are killed, one after another.</param>
/// <param name="Seed">The seed of the random pauses between the kills.</param>
[SlotName("recover")]
internal sealed record RecoverySlot(int Count, int Seed = 0) : Slot<RecoveryReply>;
