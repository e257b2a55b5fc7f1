using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>A worker is killed in the middle of a call: how soon its caller knows, and how soon the pool has all its workers again.</summary>
internal sealed class RecoveryScenario : Scenario
{
    private const int Workers = 8;
    private const int Kills = 12;

    public override string Name => "Recovery";

    public override string Description => "a worker is killed in a call: noticed, and replaced by a fork";

    public override bool IsSettled => true;

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        new Metric("recovery.noticed", "ms", Worse.Higher, "until the caller is told"),
        new Metric("recovery.replaced", "ms", Worse.Higher, $"until all {Workers} workers are idle again"),
    ];

    public override IReadOnlyList<Hint> Hints { get; } = [new Hint("fork, connect, first call", ["recovery.replaced"])];

    public override async Task MeasureAsync(Round round)
    {
        await round.TogetherAsync(_ => new SlotRequest(0, "start") { Workers = Workers, Kind = "cold" });
        var recover = new SlotRequest(0, "recover") { Count = 1 };
        await round.EachAsync(arm => round.RunAsync(arm, recover)); // what is compiled with the first loss is not measured
        foreach (var (arm, replies) in await round.RepliesAsync(Kills, recover with { Seed = round.Random.Next() }))
        {
            // Of times as short as these the geometric mean is quieter than the median.
            round.Record(arm, "recovery.noticed", Round.Values(replies, "noticedMs").GeometricMean);
            round.Record(arm, "recovery.replaced", Round.Values(replies, "replacedMs").GeometricMean);
        }
    }
}
