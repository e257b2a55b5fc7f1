using System.Text.Json.Serialization;

namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>
/// Sends data to a worker, or gets data from it, several times with a single caller, and measures the duration of each call. All data are
/// compared with what was sent, between the calls; the slot fails if they differ. Needs the adapter of <see cref="ArrayToolsSlot"/>.
/// </summary>
/// <param name="Kind">What travels, and in which direction.</param>
/// <param name="Bytes">The size of the data, in bytes: of records as JSON, of numbers as an array.</param>
/// <param name="Count">The number of calls.</param>
[SlotName("transfer")]
internal sealed record TransferSlot(TransferKind Kind, [property: JsonPropertyName("amount")] double Bytes, int Count) : Slot<TimesReply>;

/// <summary>
/// Sends data to a worker, or gets data from it, and counts what a call allocates on both sides. It checks the data as
/// <see cref="TransferSlot"/> does. Needs the adapter of <see cref="ArrayToolsSlot"/>.
/// </summary>
/// <param name="Kind">What travels, and in which direction.</param>
/// <param name="Bytes">The size of the data, in bytes: of records as JSON, of numbers as an array.</param>
[SlotName("transfer.allocations")]
internal sealed record TransferAllocationsSlot(
    TransferKind Kind, [property: JsonPropertyName("amount")] double Bytes) : Slot<AllocationsReply>;

/// <summary>What travels between .NET and Python, and in which direction.</summary>
internal enum TransferKind
{
    /// <summary>A list of records, as JSON, there and back.</summary>
    [JsonStringEnumMemberName("records")]
    Records,

    /// <summary>A list of <see cref="float"/>, as JSON, there and back.</summary>
    [JsonStringEnumMemberName("numbers")]
    Numbers,

    /// <summary>The same numbers in an array, there and back.</summary>
    [JsonStringEnumMemberName("array")]
    Array,

    /// <summary>An array as an argument. The result is its length.</summary>
    [JsonStringEnumMemberName("argument")]
    Argument,

    /// <summary>An array as a result. The argument is its length.</summary>
    [JsonStringEnumMemberName("result")]
    Result,
}
