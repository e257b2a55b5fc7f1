using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Ends workers and the template, and measures how soon the pool works again, and checks that only the calls of ended workers are lost and
/// that only ended workers are replaced. If it gets worse, a crash disturbs more callers, or for longer.
/// </summary>
internal sealed class RestartsScenario : Scenario
{
    private const int Workers = 8, Most = 16, Calls = 200, Crashes = 6;
    private const string Replacing = "fork, connect, first call", Loss = "noticing a loss";

    private static readonly WorkerKillsSlot One = new(Workers: 1, Kills: 1), Eight = new(Workers, Kills: 6), Sixteen = new(Most, Kills: 4);
    private static readonly TemplateKillSlot Template = new(Workers);
    private static readonly CrashScheduleSlot Schedule = new(Workers, Calls, Crashes), Quiet = new(Workers, Calls, Crashes: 0);

    private static readonly Reading<List<RestartTimesReply>>[] OfEight =
    [
        new("restarts.next_call", "ms", Worse.Higher, $"from the kill of one of {Workers} workers to the next good call, geometric mean",
            replies => replies.Sample(reply => reply.NextCallMs).GeometricMean) { Cause = Loss },
    ];

    // The scenario Recovery measures this with 8 workers.
    private static readonly Reading<List<RestartTimesReply>>[] OfOne =
    [
        new("restarts.1.replaced", "ms", Worse.Higher, "until the only worker is idle again, geometric mean",
            replies => replies.Sample(reply => reply.CompleteMs).GeometricMean) { Cause = Replacing },
    ];

    private static readonly Reading<List<RestartTimesReply>>[] OfSixteen =
    [
        new("restarts.16.replaced", "ms", Worse.Higher, $"until all {Most} workers are idle again, geometric mean",
            replies => replies.Sample(reply => reply.CompleteMs).GeometricMean) { Cause = Replacing },
    ];

    private static readonly Reading<List<RestartTimesReply>>[] OfTemplate =
    [
        new("restarts.template.next_call", "ms", Worse.Higher, "from the kill of the template to the next good call",
            replies => replies.Min(reply => reply.NextCallMs)) { Cause = "the start of a template" },
        new("restarts.template.complete", "ms", Worse.Higher, $"until all {Workers} workers are idle again",
            replies => replies.Min(reply => reply.CompleteMs)) { Cause = "the start of a template" },
    ];

    // Judged values must be positive, so what is right is counted. What is wrong makes the slot fail, which names it.
    private static readonly Reading<List<CrashScheduleReply>>[] OfSchedule =
    [
        new("restarts.counted", "workers", Worse.Higher, $"replaced after {Crashes} crashes", replies => replies.Max(reply => reply.Restarts)),
        new("restarts.completed", "calls", Worse.Lower, $"of {Calls - Crashes} beside the crashes",
            replies => replies.Min(reply => reply.Completed)),
    ];

    private static readonly Reading<List<CrashScheduleReply>>[] OfQuiet =
    [
        new("restarts.undisturbed", "calls", Worse.Lower, $"of {Calls} without a crash, while no worker is replaced",
            replies => replies.Min(reply => reply.Completed)),
    ];

    public override string Name => "Restarts";

    public override string Description => "workers and the template are ended: the next good call, all workers back, nothing else is lost";

    public override bool IsSettled => true;

    public override IReadOnlyList<Reading> Readings { get; } =
        [.. OfEight, .. OfOne, .. OfSixteen, .. OfTemplate, .. OfSchedule, .. OfQuiet];

    public override async Task MeasureAsync(Round round)
    {
        await round.TogetherAsync(new TemplateSlot(Most));
        await round.EachAsync(arm => round.RunAsync(arm, Eight)); // the first losses compile methods, which must not be measured
        await round.InAnyOrderAsync(
            () => RecordAsync(round, 3, Eight, OfEight),
            () => RecordAsync(round, 6, One, OfOne),
            () => RecordAsync(round, 3, Sixteen, OfSixteen),
            () => RecordAsync(round, 2, Template, OfTemplate),
            () => RecordAsync(round, 1, Schedule with { Seed = round.Random.Next() }, OfSchedule),
            () => RecordAsync(round, 1, Quiet, OfQuiet));
    }

    private static Task RecordAsync<TReply>(Round round, int times, Protocol.Slot<TReply> slot, Reading<List<TReply>>[] readings)
        where TReply : Protocol.Reply, new() => round.Wants(readings) ? round.RecordAsync(times, slot, readings) : Task.CompletedTask;
}
