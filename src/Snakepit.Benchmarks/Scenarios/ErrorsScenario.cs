using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Measures what calls cost that fail, and how soon a cancellation arrives, and checks that each call of a schedule ends as it must. If it
/// gets worse, a program that meets many errors gets slower, or keeps workers busy with calls that nobody waits for.
/// </summary>
internal sealed class ErrorsScenario : Scenario
{
    private const int Workers = 8, Calls = 420, Turns = 6, ScheduleTurns = 2;
    private const string Cancelling = "cancellation", Exceptions = "exceptions";

    private static readonly Failing[] Failings =
    [
        new("raise", CallKind.Raises, "a tool that raises an exception"),
        new("refused", CallKind.WrongArguments, "arguments that the worker refuses"),
        new("unknown", CallKind.UnknownTool, "a tool that does not exist"),
        new("unsent", CallKind.Unsent, "arguments that are refused before they are sent"),
    ];

    private static readonly CancelSlot AtSafePoint = new(AtSafePoint: true, Count: 15), InSleep = new(AtSafePoint: false, Count: 5);

    private static readonly Reading<List<CancelReply>>[] OfSafePoint =
    [
        new("errors.cancel.p50", "ms", Worse.Higher, "from a cancellation to the caller's exception, median",
            replies => replies.Sample(reply => reply.ToldMs).Median) { Cause = Cancelling },
        new("errors.cancel.reaches_python.p50", "ms", Worse.Higher, "until the tool notices, in an await, median",
            replies => replies.Sample(reply => reply.NoticedMs).Median) { Cause = Cancelling },
    ];

    private static readonly Reading<List<CancelReply>>[] OfSleep =
    [
        new("errors.interrupt.reaches_python.p50", "ms", Worse.Higher, "until the tool notices, in a sleep, median",
            replies => replies.Sample(reply => reply.NoticedMs).Median) { Cause = Cancelling },
    ];

    // Judged values must be positive, so the calls that are right are counted. A wrong one makes the slot fail, which names it.
    private static readonly Reading<List<ErrorScheduleReply>>[] OfSchedule =
    [
        new("errors.right", "calls", Worse.Lower, $"of {Calls} in a drawn order that have ended as they must",
            replies => replies.Min(reply => reply.Right)),
    ];

    public override string Name => "Errors";

    public override string Description => "what calls cost that fail; how soon a cancellation arrives; calls of all kinds end as they must";

    public override bool IsSettled => true;

    public override IReadOnlyList<Reading> Readings { get; } =
        [.. Failings.SelectMany(failing => failing.Readings), .. OfSafePoint, .. OfSleep, .. OfSchedule];

    public override async Task MeasureAsync(Round round)
    {
        var schedule = new ErrorScheduleSlot(Calls, Callers: Workers);
        await round.TogetherAsync(new StartToolsSlot(Workers, WithFailingTools: true));
        await round.EachAsync(arm => round.RunAsync(arm, schedule with { Count = 210 })); // warms up the host and the workers
        foreach (var failing in Failings)
        {
            await round.EachAsync(arm => round.RunAsync(arm, failing.Slot with { Count = 60 }));
        }

        await round.InAnyOrderAsync(
        [
            .. Failings.Where(failing => round.Wants(failing.Readings)).Select<Failing, Func<Task>>(
                failing => () => round.RecordAsync(Turns, failing.Slot, failing.Readings)),
            () => round.Wants(OfSafePoint) ? round.RecordAsync(Turns, AtSafePoint, OfSafePoint) : Task.CompletedTask,
            () => round.Wants(OfSleep) ? round.RecordAsync(Turns, InSleep, OfSleep) : Task.CompletedTask,
            () => round.Wants(OfSchedule)
                ? round.RecordAsync(ScheduleTurns, schedule with { Seed = round.Random.Next() }, OfSchedule)
                : Task.CompletedTask,
        ]);
    }

    /// <summary>Calls that fail in one way, and their metrics.</summary>
    private sealed record Failing(string Name, CallKind Kind, string Description)
    {
        public ErrorTimesSlot Slot { get; } = new(Kind, Count: 40);

        public Reading<List<ErrorTimesReply>>[] Readings { get; } =
        [
            new($"errors.{Name}.p50", "ms", Worse.Higher, $"{Description}, median", replies => replies.Sample(reply => reply.ErrorMs).Median)
                { Cause = Exceptions },
            .. Kind == CallKind.Unsent ? [] : ToPing(Name),
        ];

        // A call that is refused before it is sent does not reach the worker, as a ping does.
        private static Reading<List<ErrorTimesReply>>[] ToPing(string name) =>
        [
            new($"errors.{name}_to_ping", "x", Worse.Higher, "the same / a ping", replies =>
                replies.Sample(reply => reply.ErrorMs / reply.PingMs).Median) { Cause = Exceptions },
        ];
    }
}
