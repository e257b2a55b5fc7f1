using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Protocol;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary><c>fault</c> (kind, amount): injects a fault into everything that is started and called from now on.</summary>
internal static class FaultSlot
{
    public static Task<SlotReply> SetAsync(HostState state, SlotRequest request)
    {
        state.Fault = new Fault(Enum.Parse<FaultKind>(request.Kind), request.Amount);
        return Task.FromResult(new SlotReply(request.Id));
    }
}
