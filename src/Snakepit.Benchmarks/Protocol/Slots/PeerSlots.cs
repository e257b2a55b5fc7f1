using System.Text.Json.Serialization;

namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>
/// Runs a closed loop of calls to a peer, an alternative that the pool is compared with. The first slot that names a peer starts it.
/// </summary>
/// <param name="Peer">The name of the peer.</param>
/// <param name="Workers">The number of workers of the peer.</param>
/// <param name="Callers">The number of callers that make calls at the same time.</param>
/// <param name="Milliseconds">The time for which callers start new calls, in milliseconds.</param>
[SlotName("peer")]
internal sealed record PeerLoopSlot(
    [property: JsonPropertyName("kind")] string Peer, int Workers, int Callers, int Milliseconds) : Slot<RateReply>;

/// <summary>Makes calls to a peer one after another with a single caller, and measures the duration of each.</summary>
/// <param name="Peer">The name of the peer.</param>
/// <param name="Workers">The number of workers of the peer.</param>
/// <param name="Count">The number of calls.</param>
[SlotName("peer.single")]
internal sealed record PeerSingleCallerSlot([property: JsonPropertyName("kind")] string Peer, int Workers, int Count) : Slot<TimesReply>;
