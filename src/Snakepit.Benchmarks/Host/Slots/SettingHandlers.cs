using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slots that change how the host starts and calls pools from then on.</summary>
internal static class SettingHandlers
{
    public static Task<EmptyReply> SetTransport(HostState state, TransportSlot slot)
    {
        state.Transport = slot.Transport;
        return Task.FromResult(new EmptyReply());
    }

    public static Task<EmptyReply> SetPreparation(HostState state, PreparationSlot slot)
    {
        state.PreparationSeconds = slot.Seconds;
        return Task.FromResult(new EmptyReply());
    }

    public static Task<EmptyReply> SetArrayTools(HostState state, ArrayToolsSlot slot)
    {
        state.HasArrayTools = true;
        return Task.FromResult(new EmptyReply());
    }

    public static Task<EmptyReply> SetFault(HostState state, Fault slot)
    {
        state.Fault = AllFaults.Create(slot.Kind, slot.Amount);
        return Task.FromResult(new EmptyReply());
    }
}
