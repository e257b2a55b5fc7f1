using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Sessions of real hosts: fresh ones every round, both sides, in drawn order.</summary>
public sealed class Rounds : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-rounds-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Every_round_has_fresh_hosts_on_both_sides_and_the_seed_draws_every_order()
    {
        var (first, second) = (new Probing(), new Probing());
        var result = await RunAsync(first, rounds: 4, seed: 7);
        await RunAsync(second, rounds: 4, seed: 7);
        Assert.Equal((4, 4), (result["probe"].Candidate.Length, result["probe"].Pin.Length));
        Assert.Equal(8, first.Seen.Select(seen => seen.Process).Distinct().Count());
        Assert.Equal(first.Seen.Select(seen => (seen.Side, seen.Directory)), second.Seen.Select(seen => (seen.Side, seen.Directory)));
        // Either side comes first at times, and either directory is either side's.
        Assert.Equal(4, first.Seen.Concat(second.Seen).Select(seen => (seen.Side, Path.GetFileName(seen.Directory))).Distinct().Count());
        Assert.All(first.Seen, seen => Assert.False(OsProcess.IsAlive(seen.Process)));
    }

    [Fact]
    public async Task What_is_decided_is_measured_no_further_and_a_session_ends_when_nothing_is_wanted()
    {
        var result = await RunAsync(new Probing(), rounds: 9, seed: 3, wanted: so => so.Rounds switch
        {
            < 2 => new HashSet<string> { "probe", "other" },
            < 3 => new HashSet<string> { "other" },
            _ => new HashSet<string>(),
        });
        Assert.Equal((2, 2), (result["probe"].Candidate.Length, result["probe"].Pin.Length));
        Assert.Equal((3, 3), (result["other"].Candidate.Length, result["other"].Pin.Length));
        Assert.Equal(3, result.Rounds);
    }

    [Theory]
    [InlineData("startup.16.fresh", "startup.16.fresh")]
    [InlineData("startup.8.cold", "startup.8.cold", "startup.8.cold.per_worker")]
    [InlineData("startup.8.warm", "startup.8.warm", "startup.template")]
    public async Task A_round_of_starts_for_one_metric_measures_that_one(string metric, params string[] measured)
    {
        var result = await RunAsync(new StartupScenario(), rounds: 1, seed: 5, wanted: _ => new HashSet<string> { metric });
        Assert.Equal(measured, result.Metrics.Where(one => !one.Pin.IsEmpty).Select(one => one.Key));
    }

    [Fact]
    public async Task A_host_that_dies_in_the_middle_of_a_round_ends_the_session_with_its_error()
    {
        var scenario = new Probing { KillInRound = 2 };
        var lost = await Assert.ThrowsAsync<ArmLostException>(() => RunAsync(scenario, rounds: 3, seed: 1));
        Assert.Contains("exit code 137", lost.Message, StringComparison.Ordinal);
        Assert.All(scenario.Seen, seen => Assert.False(OsProcess.IsAlive(seen.Process)));
    }

    [Fact]
    public async Task A_slot_that_fails_as_when_a_call_fails_ends_the_session_with_its_error()
    {
        var lost = await Assert.ThrowsAsync<ArmLostException>(() => RunAsync(new Probing { StopsNothing = true }, rounds: 3, seed: 1));
        Assert.Contains("No pool is running", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_side_that_is_not_the_build_it_is_taken_for_breaks_the_gate()
    {
        var broken = await Assert.ThrowsAsync<SessionException>(() => RunAsync(new Probing(), rounds: 1, seed: 1, pin: new string('a', 40)));
        Assert.Contains(new string('a', 40), broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_sides_that_are_one_build_are_known_as_such()
    {
        var other = Path.Combine(_directory, "other");
        using (var one = Staging.Create(Path.Combine(_directory, "arms"), CandidateBuild.Directory, CandidateBuild.Directory))
        {
            Assert.True(one.IsOneBuild());
            Directory.Move(one.DirectoryOf(Side.Pin, swapped: false), other);
        }

        File.AppendAllText(Path.Combine(other, "python", "snakepit_worker", "roles", "template.py"), "# another line\n");
        using var two = Staging.Create(Path.Combine(_directory, "arms"), CandidateBuild.Directory, other);
        Assert.False(two.IsOneBuild());
    }

    [Fact]
    public void Raw_data_that_a_full_disk_does_not_take_are_no_silent_loss()
    {
        var path = Path.Combine(_directory, "rounds.ndjson.gz");
        File.CreateSymbolicLink(path, "/dev/full");
        var full = Assert.Throws<IOException>(() =>
        {
            using var log = new RoundLog(path);
            log.Add("Probing", session: 1, round: 1, new SlotRecord(Side.Candidate, Fault.None, new EmptyReply()));
        });
        Assert.Contains("No space left", full.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_is_given_up_leaves_no_host()
    {
        using var giveUp = new CancellationTokenSource();
        var scenario = new Probing { During = giveUp.Cancel };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(scenario, rounds: 3, seed: 1, token: giveUp.Token));
        Assert.All(scenario.Seen, seen => Assert.False(OsProcess.IsAlive(seen.Process)));
    }

    private async Task<ScenarioResult> RunAsync(
        Scenario scenario, int rounds, int seed, string? pin = null, Func<ScenarioResult, IReadOnlySet<string>>? wanted = null, CancellationToken token = default)
    {
        using var builds = new Builds(
            Staging.Create(Path.Combine(_directory, "arms"), CandidateBuild.Directory, CandidateBuild.Directory), pin ?? await RevisionAsync());
        using var log = new RoundLog(Path.Combine(_directory, "rounds.ndjson.gz"));
        return await new Session(scenario, builds, await ThisMachine.PythonAsync(), log)
            .RunAsync(new SessionPlan(1, seed, Swap: false, rounds, wanted ?? (_ => scenario.Keys)), _ => { }, token);
    }

    /// <summary>What this build says of itself: the only pin that it can stand for.</summary>
    private static async Task<string> RevisionAsync()
    {
        await using var arm = await Arm.StartAsync(Side.Candidate, CandidateBuild.Directory, await ThisMachine.PythonAsync(), settled: false, CancellationToken.None);
        return arm.Greeting.Revision;
    }

    private sealed class Probing : Scenario
    {
        private int _round;

        public override string Name => "Probing";

        public override string Description => "who takes part";

        public override IReadOnlyList<Reading> Readings { get; } =
            [new(new Metric("probe", "x", Worse.Higher, "")), new(new Metric("other", "x", Worse.Higher, ""))];

        /// <summary>In which round a host is killed; 0 for none.</summary>
        public int KillInRound { get; init; }

        /// <summary>Whether each round asks for a slot that fails, because there is no pool to stop.</summary>
        public bool StopsNothing { get; init; }

        public Action During { get; init; } = () => { };

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
                if (StopsNothing)
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
}
