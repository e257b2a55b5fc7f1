using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slots that make calls to peers, the alternatives that the pool is compared with.</summary>
internal static class PeerHandlers
{
    public static async Task<RateReply> RunClosedLoopAsync(HostState state, PeerLoopSlot slot)
    {
        var peer = await state.PeerAsync(slot.Peer, slot.Workers);
        var result = await peer.ClosedAsync(slot.Callers, TimeSpan.FromMilliseconds(slot.Milliseconds));
        LoadHandlers.ThrowIfAny(result.Errors, result.FirstError);
        return new RateReply { Rate = result.Rate, Calls = result.Calls };
    }

    public static async Task<TimesReply> RunSingleCallerAsync(HostState state, PeerSingleCallerSlot slot)
    {
        var peer = await state.PeerAsync(slot.Peer, slot.Workers);
        return LoadHandlers.Times(await peer.SingleAsync(slot.Count));
    }

    public static async Task<TimesReply> EchoArraysAsync(HostState state, PeerArraySlot slot)
    {
        var peer = await state.ArrayPeerAsync(slot.Peer);
        return LoadHandlers.Times(await peer.EchoAsync((int)slot.Bytes / sizeof(float), slot.Count));
    }
}
