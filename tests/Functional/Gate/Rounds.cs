using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests measurement sessions with real hosts. Each round must start a new host for each side, and draw the order of the sides at random.
/// </summary>
public sealed class Rounds : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-rounds-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Every_round_has_fresh_hosts_on_both_sides_and_the_seed_draws_every_order()
    {
        var (first, second) = (new ProbingScenario(), new ProbingScenario());
        var result = await SmallSession.RunAsync(first, rounds: 4, seed: 7);
        await SmallSession.RunAsync(second, rounds: 4, seed: 7);
        Assert.Equal((4, 4), (result["probe"].Candidate.Length, result["probe"].Pin.Length));
        Assert.Equal(8, first.Seen.Select(seen => seen.Process).Distinct().Count());
        Assert.Equal(first.Seen.Select(Place), second.Seen.Select(Place));
        Assert.Equal(4, first.Seen.Select(Place).Distinct().Count()); // each side ran under each of the two directory names
        Assert.All(first.Seen, seen => Assert.False(OsProcess.IsAlive(seen.Process)));

        static (Side, string) Place((Side Side, string Directory, int Process) seen) => (seen.Side, Path.GetFileName(seen.Directory));
    }

    [Fact]
    public async Task A_metric_that_is_decided_is_measured_no_further_and_a_session_ends_when_no_metric_is_wanted()
    {
        var result = await SmallSession.RunAsync(new ProbingScenario(), rounds: 9, seed: 3, wanted: so => so.Rounds switch
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
        var result = await SmallSession.RunAsync(new StartupScenario(), rounds: 1, seed: 5, wanted: _ => new HashSet<string> { metric });
        Assert.Equal(measured, result.Metrics.Where(one => !one.Pin.IsEmpty).Select(one => one.Key));
    }

    [Fact]
    public async Task A_host_that_dies_in_the_middle_of_a_round_ends_the_session_with_its_error()
    {
        var scenario = new ProbingScenario { KillInRound = 2 };
        var lost = await Assert.ThrowsAsync<ArmLostException>(() => SmallSession.RunAsync(scenario, rounds: 3));
        Assert.Contains("exit code 137", lost.Message, StringComparison.Ordinal);
        Assert.All(scenario.Seen, seen => Assert.False(OsProcess.IsAlive(seen.Process)));
    }

    [Fact]
    public async Task A_slot_that_fails_as_it_does_when_a_call_fails_ends_the_session_with_its_error()
    {
        var lost = await Assert.ThrowsAsync<ArmLostException>(
            () => SmallSession.RunAsync(new ProbingScenario { StopsWithoutPool = true }, rounds: 3));
        Assert.Contains("No pool is running", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_of_another_build_than_its_side_should_have_breaks_the_gate()
    {
        var pin = new string('a', 40);
        var broken = await Assert.ThrowsAsync<SessionException>(() => SmallSession.RunAsync(new ProbingScenario(), rounds: 1, pin: pin));
        Assert.Contains(pin, broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_sides_that_are_the_same_build_are_recognised()
    {
        var (arms, other) = (Path.Combine(_directory, "arms"), Path.Combine(_directory, "other"));
        using (var one = Staging.Create(arms, CandidateBuild.Directory, CandidateBuild.Directory))
        {
            Assert.True(one.IsOneBuild());
            Directory.Move(one.DirectoryOf(Side.Pin, swapped: false), other);
        }

        File.AppendAllText(Path.Combine(other, "python", "snakepit_worker", "roles", "template.py"), "# another line\n");
        using var two = Staging.Create(arms, CandidateBuild.Directory, other);
        Assert.False(two.IsOneBuild());
    }

    [Fact]
    public void Raw_data_that_do_not_fit_on_the_disk_are_told_once_and_end_nothing()
    {
        var (path, told) = (Path.Combine(_directory, "rounds.ndjson.gz"), new List<string>());
        File.CreateSymbolicLink(path, "/dev/full");
        using (var log = new RoundLog(path, told.Add))
        {
            for (var round = 1; round <= 20_000; round++) // more than the buffers hold
            {
                log.Add("Probing", session: 1, round, new SlotRecord(Side.Candidate, Fault.None, new EmptyReply(), TimeSpan.Zero));
            }

            Assert.Single(told);
        }

        Assert.Contains(path, Assert.Single(told), StringComparison.Ordinal);
        Assert.Contains("No space left", told[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Raw_data_whose_last_bytes_do_not_fit_or_whose_file_cannot_be_made_are_told_too()
    {
        var (path, told) = (Path.Combine(_directory, "rounds.ndjson.gz"), new List<string>());
        File.CreateSymbolicLink(path, "/dev/full");
        using (var log = new RoundLog(path, told.Add))
        {
            log.Add("Probing", session: 1, round: 1, new SlotRecord(Side.Candidate, Fault.None, new EmptyReply(), TimeSpan.Zero));
        }

        using (var log = new RoundLog("/proc/nowhere/rounds.ndjson.gz", told.Add))
        {
            log.Add("Probing", session: 1, round: 1, new SlotRecord(Side.Candidate, Fault.None, new EmptyReply(), TimeSpan.Zero));
        }

        Assert.Equal(2, told.Count);
        Assert.Contains("/proc/nowhere/rounds.ndjson.gz", told[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_whose_raw_data_cannot_be_written_is_measured_to_its_end()
    {
        var result = await SmallSession.RunAsync(new ProbingScenario(), rounds: 2, rawData: "/proc/nowhere/rounds.ndjson.gz");
        Assert.Equal((2, null), (result.Rounds, result.Failure));
    }

    [Fact]
    public async Task A_session_that_is_given_up_leaves_no_host()
    {
        using var giveUp = new CancellationTokenSource();
        var scenario = new ProbingScenario { During = giveUp.Cancel };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => SmallSession.RunAsync(scenario, rounds: 3, cancellationToken: giveUp.Token));
        Assert.All(scenario.Seen, seen => Assert.False(OsProcess.IsAlive(seen.Process)));
    }
}
