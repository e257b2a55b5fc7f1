using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Kills workers in the middle of calls, and measures how soon the call fails and how soon the pool has all its workers again.
/// </summary>
internal sealed class RecoveryScenario : Scenario
{
    private const int Workers = 8;
    private const int Kills = 12;

    // The geometric mean is used because it varies less from round to round than the median of these short times.
    private static readonly Reading<List<RecoveryReply>>[] OfKills =
    [
        new("recovery.noticed", "ms", Worse.Higher, "until the caller is told",
            replies => replies.Sample(reply => reply.NoticedMs).GeometricMean),
        new("recovery.replaced", "ms", Worse.Higher, $"until all {Workers} workers are idle again",
            replies => replies.Sample(reply => reply.ReplacedMs).GeometricMean) { Cause = "fork, connect, first call" },
    ];

    public override string Name => "Recovery";

    public override string Description => "a worker is killed in a call: noticed, and replaced by a fork";

    public override bool IsSettled => true;

    public override IReadOnlyList<Reading> Readings => OfKills;

    public override async Task MeasureAsync(Round round)
    {
        var kill = new RecoverySlot(Count: 1);
        await round.TogetherAsync(new StartSlot(Workers));
        await round.EachAsync(arm => round.RunAsync(arm, kill)); // the first loss compiles methods, which must not be measured
        await round.RecordAsync(Kills, kill with { Seed = round.Random.Next() }, OfKills);
    }
}
