using System.Collections.Immutable;
using Snakepit.Benchmarks.Protocol;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Slots that call what somebody might use instead of a pool. A peer starts with the first slot that names it.</summary>
internal static class PeerSlots
{
    /// <summary><c>peer</c> (kind, workers, callers, milliseconds): each caller makes one call after the other.</summary>
    public static async Task<SlotReply> ClosedAsync(HostState state, SlotRequest request)
    {
        var peer = await state.PeerAsync(request.Kind, request.Workers);
        var result = await peer.ClosedAsync(request.Callers, TimeSpan.FromMilliseconds(request.Milliseconds));
        LoadSlots.ThrowIfAny(result.Errors, result.FirstError);
        return new SlotReply(request.Id)
        {
            Values = ImmutableDictionary<string, double>.Empty.Add("rate", result.Rate).Add("calls", result.Calls),
        };
    }

    /// <summary><c>peer.single</c> (kind, workers, count): one caller, one call after the other. The samples are microseconds.</summary>
    public static async Task<SlotReply> SingleAsync(HostState state, SlotRequest request)
    {
        var peer = await state.PeerAsync(request.Kind, request.Workers);
        var times = await peer.SingleAsync(request.Count);
        return new SlotReply(request.Id) { Samples = [.. times.Order().Select(LoadSlots.Microseconds)] };
    }
}
