using System.Text.Json.Serialization;

namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>
/// Sends an array of <see cref="float"/> to a worker and back several times with a single caller, and measures the duration of each call.
/// Needs the adapter of <see cref="ArrayToolsSlot"/>.
/// </summary>
/// <param name="Way">How the array gets to the worker, and what the caller gets.</param>
/// <param name="Bytes">The size of the array, in bytes.</param>
/// <param name="Count">The number of calls.</param>
[SlotName("array")]
internal sealed record ArraySlot(
    [property: JsonPropertyName("kind")] ArrayWay Way, [property: JsonPropertyName("amount")] double Bytes, int Count) : Slot<TimesReply>;

/// <summary>How an array gets to a worker, and what the caller gets.</summary>
internal enum ArrayWay
{
    /// <summary>An array of .NET is sent, and a new one is filled with the result.</summary>
    [JsonStringEnumMemberName("copied")]
    Copied,

    /// <summary>A shared array that exists already is sent, and the result is a shared array too.</summary>
    [JsonStringEnumMemberName("shared")]
    Shared,

    /// <summary>A shared array that exists already is sent to all workers in turn, and the result is its length.</summary>
    [JsonStringEnumMemberName("lent")]
    Lent,
}

/// <summary>
/// Sends an array of <see cref="float"/> to a worker and back, and counts what that allocates on both sides. Needs the adapter of
/// <see cref="ArrayToolsSlot"/>.
/// </summary>
/// <param name="Bytes">The size of the array, in bytes.</param>
[SlotName("array.allocations")]
internal sealed record ArrayAllocationsSlot([property: JsonPropertyName("amount")] double Bytes) : Slot<AllocationsReply>;

/// <summary>A reply that says what one call has allocated.</summary>
internal sealed record AllocationsReply : Reply
{
    /// <summary>The bytes that .NET has allocated.</summary>
    public double HostBytes { get => Get(); init => Set(value); }

    /// <summary>The most bytes that Python had allocated at a time, as <c>tracemalloc</c> counts them.</summary>
    public double WorkerBytes { get => Get(); init => Set(value); }
}

/// <summary>Sends an array to a peer and back several times with a single caller, and measures the duration of each call.</summary>
/// <param name="Peer">The name of the peer. The first slot that names it starts it, with one worker.</param>
/// <param name="Bytes">The size of the array, in bytes.</param>
/// <param name="Count">The number of calls.</param>
[SlotName("peer.array")]
internal sealed record PeerArraySlot(
    [property: JsonPropertyName("kind")] string Peer, [property: JsonPropertyName("amount")] double Bytes, int Count) : Slot<TimesReply>;
