using System.Collections.Immutable;
using Snakepit.Benchmarks.Host.Slots;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Host;

/// <summary>The slots (kinds of requests) that this host can run, each with the method that runs it.</summary>
internal sealed class SlotHandlers
{
    private readonly Dictionary<string, Func<HostState, SlotRequest, Task<SlotReply>>> _handlers = [];

    /// <summary>The handlers of all slots.</summary>
    public static SlotHandlers All { get; } = new SlotHandlers()
        .Add<TransportSlot, EmptyReply>(SettingHandlers.SetTransport)
        .Add<PreparationSlot, EmptyReply>(SettingHandlers.SetPreparation)
        .Add<ArrayToolsSlot, EmptyReply>(SettingHandlers.SetArrayTools)
        .Add<Fault, EmptyReply>(SettingHandlers.SetFault)
        .Add<StartSlot, StartReply>(StartHandlers.StartAsync)
        .Add<StopSlot, DurationReply>(StartHandlers.StopAsync)
        .Add<TemplateSlot, DurationReply>(StartHandlers.StartTemplateAsync)
        .Add<SequentialStartsSlot, DurationReply>(StartHandlers.StartSequentiallyAsync)
        .Add<MemorySlot, MemoryReply>(StartHandlers.MeasureMemory)
        .Add<ClosedLoopSlot, LoopReply>(LoadHandlers.RunClosedLoopAsync)
        .Add<OpenLoopSlot, OpenLoopReply>(LoadHandlers.RunOpenLoopAsync)
        .Add<SingleCallerSlot, TimesReply>(LoadHandlers.RunSingleCallerAsync)
        .Add<BareLoopSlot, LoopReply>(LoadHandlers.RunBareLoopAsync)
        .Add<StreamSlot, RateReply>(LoadHandlers.ReadStreamAsync)
        .Add<PayloadSlot, TimesReply>(LoadHandlers.EchoPayloadsAsync)
        .Add<ArraySlot, TimesReply>(ArrayHandlers.EchoAsync)
        .Add<ArrayAllocationsSlot, AllocationsReply>(ArrayHandlers.CountAllocationsAsync)
        .Add<RecoverySlot, RecoveryReply>(RecoveryHandler.RunAsync)
        .Add<PeerLoopSlot, RateReply>(PeerHandlers.RunClosedLoopAsync)
        .Add<PeerSingleCallerSlot, TimesReply>(PeerHandlers.RunSingleCallerAsync)
        .Add<PeerArraySlot, TimesReply>(PeerHandlers.EchoArraysAsync)
        .Add<StartToolsSlot, DurationReply>(StartToolsHandler.RunAsync)
        .Add<FirstChunkSlot, FirstChunkReply>(StreamHandlers.MeasureFirstChunkAsync)
        .Add<StreamsSlot, StreamsReply>(StreamHandlers.ReadStreamsAsync)
        .Add<SlowReaderSlot, SlowReaderReply>(StreamHandlers.PauseAsync)
        .Add<SessionLoopSlot, SessionLoopReply>(SessionHandlers.RunLoopAsync)
        .Add<ZipfSessionsSlot, ZipfSessionsReply>(SessionHandlers.RunZipfAsync)
        .Add<HostCallSlot, TimesReply>(HostCallHandlers.RunSingleCallerAsync)
        .Add<NestedHostCallSlot, TimesReply>(HostCallHandlers.NestAsync)
        .Add<HostCallLoopSlot, RateReply>(HostCallHandlers.RunLoopAsync)
        .Add<TransferSlot, TimesReply>(TransferHandlers.TimeAsync)
        .Add<TransferAllocationsSlot, AllocationsReply>(TransferHandlers.CountAllocationsAsync)
        .Add<TrainModelSlot, TrainedModelReply>(ModelHandlers.TrainAsync)
        .Add<EmbedSlot, LoopReply>(ModelHandlers.EmbedAsync)
        .Add<EmbedBesideSlot, EmbedBesideReply>(ModelHandlers.EmbedBesideAsync)
        .Add<PredictSlot, PredictReply>(ModelHandlers.PredictAsync)
        .Add<HeartbeatsSlot, EmptyReply>(IdleHandlers.BeatAsync)
        .Add<IdleSlot, IdleReply>(IdleHandlers.WaitAsync)
        .Add<MemoryUseSlot, MemoryUseReply>(MemoryHandlers.MeasureUseAsync)
        .Add<StartGrowthSlot, EmptyReply>(MemoryHandlers.StartAsync)
        .Add<GrowthSlot, GrowthReply>(MemoryHandlers.MeasureGrowthAsync)
        .Add<DisposalSlot, DurationReply>(CleanUpHandlers.DisposeAsync)
        .Add<HoldSlot, HeldReply>(CleanUpHandlers.HoldAsync)
        .Add<HostKillSlot, HostKillReply>(CleanUpHandlers.KillHostAsync)
        .Add<ErrorTimesSlot, ErrorTimesReply>(ErrorHandlers.MeasureTimesAsync)
        .Add<CancelSlot, CancelReply>(ErrorHandlers.CancelAsync)
        .Add<ErrorScheduleSlot, ErrorScheduleReply>(ErrorHandlers.RunScheduleAsync)
        .Add<WorkerKillsSlot, RestartTimesReply>(RestartHandlers.KillWorkersAsync)
        .Add<TemplateKillSlot, RestartTimesReply>(RestartHandlers.KillTemplateAsync)
        .Add<CrashScheduleSlot, CrashScheduleReply>(RestartHandlers.RunScheduleAsync);

    /// <summary>The names of the slots in alphabetical order.</summary>
    public ImmutableArray<string> Names => [.. _handlers.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Adds a slot and the method that runs it.</summary>
    public SlotHandlers Add<TSlot, TReply>(Func<HostState, TSlot, Task<TReply>> run)
        where TSlot : Slot<TReply>
        where TReply : Reply, new()
    {
        _handlers.Add(Slot.NameOf(typeof(TSlot)), async (state, request) => (await run(state, request.To<TSlot>())).ToLine(request.Id));
        return this;
    }

    /// <summary>
    /// Runs the slot that a request names. Returns the reply of the slot, or a reply that says that the slot is unknown or has failed.
    /// </summary>
    public async Task<SlotReply> RunAsync(HostState state, SlotRequest request)
    {
        if (!_handlers.TryGetValue(request.Name, out var handler))
        {
            return new SlotReply(request.Id) { Unknown = true };
        }

        try
        {
            return await handler(state, request);
        }
        catch (Exception exception)
        {
            // A failed slot has measured nothing, whatever the reason of the failure. The process that sent the request reports the error
            // and ends this host.
            return new SlotReply(request.Id) { Error = exception.ToString() };
        }
    }
}
