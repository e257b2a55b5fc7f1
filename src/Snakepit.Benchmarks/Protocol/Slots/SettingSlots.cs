using System.Text.Json.Serialization;

namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>Says over which transport workers are started and called from now on. Without this slot it is gRPC.</summary>
/// <param name="Transport">The transport.</param>
[SlotName("transport")]
internal sealed record TransportSlot([property: JsonPropertyName("kind")] WorkerTransport Transport) : Slot<EmptyReply>;

/// <summary>
/// Says that what is started from now on has an adapter that fits a model before it can serve. Without this slot it is the showcase.
/// </summary>
/// <param name="Seconds">The CPU time that the fit takes; 0 for the showcase.</param>
[SlotName("preparation")]
internal sealed record PreparationSlot([property: JsonPropertyName("amount")] double Seconds) : Slot<EmptyReply>;

/// <summary>Nothing but that the slot was run.</summary>
internal sealed record EmptyReply : Reply;
