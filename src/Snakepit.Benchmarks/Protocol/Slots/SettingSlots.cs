using System.Text.Json.Serialization;

namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>
/// Sets the transport over which the host starts and calls workers from then on. Until a host receives this slot, it uses gRPC.
/// </summary>
/// <param name="Transport">The transport to use.</param>
[SlotName("transport")]
internal sealed record TransportSlot([property: JsonPropertyName("kind")] WorkerTransport Transport) : Slot<EmptyReply>;

/// <summary>
/// Sets the adapter of the workers that the host starts from then on: an adapter that fits a model before it can take calls. Until a host
/// receives this slot, it uses the showcase, the example adapter that needs no preparation.
/// </summary>
/// <param name="Seconds">The CPU time that fitting the model takes, in seconds; 0 to use the showcase.</param>
[SlotName("preparation")]
internal sealed record PreparationSlot([property: JsonPropertyName("amount")] double Seconds) : Slot<EmptyReply>;

/// <summary>Makes the workers that the host starts from then on use the adapter with the tools that measure arrays.</summary>
[SlotName("arrays")]
internal sealed record ArrayToolsSlot : Slot<EmptyReply>;

/// <summary>A reply without numbers, which says only that the slot was run.</summary>
internal sealed record EmptyReply : Reply;
