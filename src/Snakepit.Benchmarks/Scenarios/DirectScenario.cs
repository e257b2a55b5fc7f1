using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Measures the transport Direct, which needs no gRPC: calls, a cold start and memory. The other scenarios measure gRPC. If it gets worse,
/// whoever has chosen Direct because it is fast and small has less of it.
/// </summary>
internal sealed class DirectScenario : Scenario
{
    private const int Workers = 8, Callers = 20, ManyWorkers = 16, LoadTurns = 16, SingleTurns = 10, Starts = 5;

    private static readonly ClosedLoopSlot Load = new(Callers, Milliseconds: 50);
    private static readonly SingleCallerSlot Single = new(Count: 200);
    private static readonly StartSlot Start = new(ManyWorkers);

    private static readonly Reading<List<PoolStart>>[] OfStarts =
    [
        StartReadings.BetterHalf("direct.16.cold", $"no template yet, better half of {Starts}", start => start.Ms)
            with { Cause = "starts" },
        new("direct.16.memory", "MB", Worse.Higher, "own memory of a worker (PSS)",
            starts => starts.Average(start => start.Megabytes)) { Cause = "what a worker imports" },
    ];

    private static readonly Reading<List<LoopReply>>[] OfLoad =
        [new("direct.8.rate", "calls/s", Worse.Lower, $"closed loop, {Callers} callers", replies => replies.Rate()) { Cause = "calls" }];

    private static readonly Reading<List<TimesReply>>[] OfSingle =
    [
        new("direct.single.p50", "ms", Worse.Higher, "one caller, closed loop", replies => replies.Milliseconds().Median)
            { Cause = "calls" },
    ];

    public override string Name => "Direct";

    public override string Description => $"the transport Direct: pings, a cold start of {ManyWorkers} workers, memory";

    public override bool IsSettled => true;

    public override IReadOnlyList<Reading> Readings { get; } = [.. OfLoad, .. OfSingle, .. OfStarts];

    public override async Task MeasureAsync(Round round)
    {
        await round.EachAsync(arm => round.RunAsync(arm, new TransportSlot(WorkerTransport.Direct)));
        if (round.Wants(OfStarts))
        {
            // The first start of a process also compiles methods, which must not be measured.
            await round.EachAsync(arm => PoolStart.RunAsync(round, arm, Start));
            await round.RecordAsync(Starts, arm => PoolStart.RunAsync(round, arm, Start, withMemory: true), OfStarts);
        }

        await round.TogetherAsync(new StartSlot(Workers));
        await round.WarmUpAsync(Load with { Milliseconds = 300 }, [.. OfLoad, .. OfSingle]);
        await round.InAnyOrderAsync(
            () => round.RecordAsync(LoadTurns, Load, OfLoad), () => round.RecordAsync(SingleTurns, Single, OfSingle));
    }
}
