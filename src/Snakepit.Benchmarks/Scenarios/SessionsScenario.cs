using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Measures what it costs that a call has a session, and checks that 1,000 sessions of 8 workers keep their states. If it gets worse, calls
/// of a session wait longer; if a count differs, a session has lost its state.
/// </summary>
internal sealed class SessionsScenario : Scenario
{
    private const int Workers = 8, Callers = 16, Sessions = 1_000, ZipfCalls = 2_000, Turns = 6, ZipfTurns = 1;

    private static readonly Use[] Uses =
    [
        new("none", new SessionLoopSlot(SessionUse.None, Callers, Milliseconds: 50), "calls without a session"),
        new("prefer", new SessionLoopSlot(SessionUse.Prefer, Callers, Milliseconds: 50), "the session's worker, or any if it is busy"),
        new("wait", new SessionLoopSlot(SessionUse.Wait, Callers, Milliseconds: 50), "the session's worker, also if it is busy"),
    ];

    // Judged values must be positive, so the states that are right are counted. A wrong one makes the slot fail, which names its session.
    private static readonly Reading<List<ZipfSessionsReply>>[] OfZipf =
    [
        new("sessions.1000.right", "sessions", Worse.Lower, $"of {Sessions} that have kept their state",
            replies => replies.Min(reply => reply.Right)),
        new("sessions.1000.homes", "workers", Worse.Lower, "that keep the states", replies => replies.Min(reply => reply.Homes)),
        new("sessions.1000.rate", "calls/s", Worse.Lower, $"of {Sessions} sessions, few of which make most of the calls",
            replies => replies.Rate()) { Cause = "many sessions" },
    ];

    public override string Name => "Sessions";

    public override string Description => $"calls per second without a session and by affinity; {Sessions} sessions over {Workers} workers";

    public override bool IsSettled => true;

    public override IReadOnlyList<Reading> Readings { get; } = [.. Uses.SelectMany(use => use.Readings), .. OfZipf];

    public override async Task MeasureAsync(Round round)
    {
        var zipf = new ZipfSessionsSlot(Sessions, Callers, ZipfCalls);
        await round.TogetherAsync(new StartToolsSlot(Workers));
        foreach (var use in Uses)
        {
            await round.WarmUpAsync(use.Slot with { Milliseconds = 200 }, [.. use.Readings, .. OfZipf]);
        }

        await round.InAnyOrderAsync(
        [
            .. Uses.Select<Use, Func<Task>>(use => () => round.RecordAsync(Turns, use.Slot, use.Readings)),
            () => round.RecordAsync(ZipfTurns, zipf with { Seed = round.Random.Next() }, OfZipf),
        ]);
    }

    /// <summary>A use of sessions, the slot that measures it, and its metrics.</summary>
    private sealed record Use(string Name, SessionLoopSlot Slot, string Description)
    {
        public Reading<List<SessionLoopReply>>[] Readings { get; } =
        [
            new($"sessions.{Name}.rate", "calls/s", Worse.Lower, $"{Callers} callers: {Description}", replies => replies.Rate())
                { Cause = "affinity" },
            new($"sessions.{Name}.p99", "ms", Worse.Higher, "the same, 99th percentile of a call, geometric mean of the slots",
                replies => replies.Sample(reply => reply.P99Ms).GeometricMean) { Cause = "affinity" },
        ];
    }
}
