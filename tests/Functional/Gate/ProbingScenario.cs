using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>A scenario for tests, which measures nothing and records which hosts take part.</summary>
internal sealed class ProbingScenario : Scenario
{
    private int _round;

    public override string Name => "Probing";

    public override string Description => "which hosts take part";

    public override IReadOnlyList<Reading> Readings { get; } =
        [new(new Metric("probe", "x", Worse.Higher, "")), new(new Metric("other", "x", Worse.Higher, ""))];

    /// <summary>The number of the round in which a host is killed; 0 if no host is killed.</summary>
    public int KillInRound { get; init; }

    /// <summary>True to run, in each round, a slot that stops the pool. The slot fails, because there is no pool.</summary>
    public bool StopsWithoutPool { get; init; }

    /// <summary>An action of the test that is run once for each side in each round.</summary>
    public Action During { get; init; } = () => { };

    /// <summary>The modules that the scenario claims to need.</summary>
    public IReadOnlyList<string> Needed { get; init; } = [];

    public override IReadOnlyList<string> Modules => Needed;

    /// <summary>The hosts that took part, in the order in which they were used.</summary>
    public List<(Side Side, string Directory, int Process)> Seen { get; } = [];

    public override async Task MeasureAsync(Round round)
    {
        _round++;
        await round.EachAsync(async arm =>
        {
            Seen.Add((arm.Side, Path.TrimEndingDirectorySeparator(arm.Greeting.Directory), arm.ProcessId));
            During();
            if (KillInRound == _round)
            {
                OsProcess.Kill(arm.ProcessId);
            }

            await round.RunAsync(arm, Fault.None);
            if (StopsWithoutPool)
            {
                await round.RunAsync(arm, new StopSlot());
            }

            foreach (var reading in Readings.Where(reading => round.Wants(reading)))
            {
                round.Record(arm, reading.Key, 1);
            }
        });
    }
}
