using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Measures calls from Python to .NET: one after another, nested, and from many tools at once. If it gets worse, every tool that asks the
/// program for something takes longer.
/// </summary>
internal sealed class HostCallsScenario : Scenario
{
    private const int Workers = 8, Turns = 8;

    private static readonly HostCallSlot Single = new(Count: 300);
    private static readonly HostCallLoopSlot Loop = new(Callers: Workers, Milliseconds: 50);

    private static readonly Reading<List<TimesReply>>[] OfSingle =
    [
        new("hostcalls.p50", "ms", Worse.Higher, "from Python to .NET and back, median", replies => replies.Milliseconds().Median)
            { Cause = "calls from Python to .NET" },
        new("hostcalls.p99", "ms", Worse.Higher, "the same, 99th percentile", replies => replies.Milliseconds().Quantile(0.99)),
    ];

    private static readonly Reading<List<RateReply>>[] OfLoop =
    [
        new("hostcalls.rate", "calls/s", Worse.Lower, $"from {Workers} tools at once", replies => replies.Rate())
            { Cause = "calls from Python to .NET" },
    ];

    // Each level keeps a worker busy, so the depth is limited by the number of workers.
    private static readonly Nesting[] Nestings =
    [
        new(2, "Python calls .NET, which calls Python, which calls .NET, median"),
        new(4, "the same, four times instead of twice"),
    ];

    public override string Name => "HostCalls";

    public override string Description => $"calls from Python to .NET and back: one caller, nested, and {Workers} callers";

    public override bool IsSettled => true;

    public override IReadOnlyList<Reading> Readings { get; } =
        [.. OfSingle, .. OfLoop, .. Nestings.SelectMany(nesting => nesting.Readings)];

    public override async Task MeasureAsync(Round round)
    {
        await round.TogetherAsync(new StartToolsSlot(Workers));
        await round.WarmUpAsync(Loop with { Milliseconds = 300 }, [.. OfSingle, .. OfLoop]);
        await round.WarmUpAsync(Nestings[^1].Slot with { Count = 100 }, Nestings.SelectMany(nesting => nesting.Readings));
        await round.InAnyOrderAsync(
        [
            () => round.RecordAsync(Turns, Single, OfSingle),
            () => round.RecordAsync(Turns, Loop, OfLoop),
            .. Nestings.Select<Nesting, Func<Task>>(nesting => () => round.RecordAsync(Turns, nesting.Slot, nesting.Readings)),
        ]);
    }

    /// <summary>Nested calls of one depth, and their metric.</summary>
    private sealed record Nesting(int Depth, string Description)
    {
        public NestedHostCallSlot Slot { get; } = new(Depth, Count: 40);

        public Reading<List<TimesReply>>[] Readings { get; } =
        [
            new($"hostcalls.nested.{Depth}.p50", "ms", Worse.Higher, Description, replies => replies.Milliseconds().Median)
                { Cause = "nested calls" },
        ];
    }
}
