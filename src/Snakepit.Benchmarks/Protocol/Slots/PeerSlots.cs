using System.Text.Json.Serialization;

namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>
/// A closed loop of calls to a peer: something that people might use instead of a pool. The peer is started with the first slot that names
/// it.
/// </summary>
/// <param name="Peer">The peer's name.</param>
/// <param name="Workers">How many workers the peer has.</param>
/// <param name="Callers">How many callers at once.</param>
/// <param name="Milliseconds">How long new calls are started.</param>
[SlotName("peer")]
internal sealed record PeerLoopSlot(
    [property: JsonPropertyName("kind")] string Peer, int Workers, int Callers, int Milliseconds) : Slot<RateReply>;

/// <summary>One caller that makes one call to a peer after the other.</summary>
/// <param name="Peer">The peer's name.</param>
/// <param name="Workers">How many workers the peer has.</param>
/// <param name="Count">How many calls.</param>
[SlotName("peer.single")]
internal sealed record PeerSingleCallerSlot([property: JsonPropertyName("kind")] string Peer, int Workers, int Count) : Slot<TimesReply>;
