using Snakepit.Benchmarks.Commands;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Validation;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Samples;
using Snakepit.Tests.Functional.Measurement;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>What <c>bench validate</c> makes of the sessions that it runs for hours.</summary>
public sealed class Validations : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-validation-").FullName;

    private string File => Path.Combine(_directory, "validation.json");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Ten_sessions_on_identical_code_and_five_of_each_fault_that_was_asked_for_prove_the_gate()
    {
        Assert.Equal(10, Trial.All.Where(trial => trial.IsIdentical).Sum(trial => trial.Sessions));
        Assert.Equal(3, Trial.All.Where(trial => trial is { IsIdentical: true, IsLoaded: true }).Sum(trial => trial.Sessions));
        foreach (var fault in new[] { FaultKind.Service, FaultKind.Startup, FaultKind.Serialisation })
        {
            Assert.Equal((5, 0.25), Trial.All.Where(trial => trial.Fault == fault).Select(trial => (trial.Sessions, trial.Share)).Single());
        }

        Assert.Equal(Enum.GetValues<FaultKind>().Order(), Trial.All.Select(trial => trial.Fault).Distinct().Order());
        Assert.Equal(ValidationState.Proven, Done().StateOf(Trial.All));
        Assert.Equal(ValidationState.Open, new ValidationRecord("gate", []).StateOf(Trial.All));
    }

    [Theory]
    [InlineData(GateOutcome.Regressed, false)]
    [InlineData(GateOutcome.Passed, true)] // a target that is missed fails the suite as well
    [InlineData(GateOutcome.Inconclusive, true)]
    public void Any_red_session_on_identical_code_disproves_it(GateOutcome outcome, bool missesTarget)
    {
        var wrong = Outcome(Trial.All[0]) with { Outcome = outcome, Missed = missesTarget ? ["scaling.50_to_10"] : [] };
        Assert.Equal(ValidationState.Disproven, With(Done(), wrong).StateOf(Trial.All));
    }

    [Fact]
    public void One_session_on_identical_code_may_be_inconclusive_and_two_may_not()
    {
        var (quiet, loaded) = (Outcome(Trial.All[0]) with { Outcome = GateOutcome.Inconclusive }, Outcome(Trial.All[1]) with { Outcome = GateOutcome.Inconclusive });
        Assert.Equal(ValidationState.Proven, With(Done(), quiet).StateOf(Trial.All));
        Assert.Equal(ValidationState.Open, With(With(Done(), quiet), loaded).StateOf(Trial.All));
    }

    [Theory]
    [InlineData(GateOutcome.Passed, "throughput.8.rate +25.0 %")]
    [InlineData(GateOutcome.Inconclusive, "throughput.8.rate +25.0 %")]
    [InlineData(GateOutcome.Regressed, "throughput.8.cpu.host +25.0 %")] // the wrong side first
    [InlineData(GateOutcome.Regressed, null)]
    public void A_fault_that_is_not_found_or_misnamed_disproves_it(GateOutcome outcome, string? first)
    {
        var trial = Trial.All.Single(trial => trial.Fault == FaultKind.Service);
        var wrong = Outcome(trial) with { Outcome = outcome, Regressed = first is null ? [] : [first, "throughput.8.rate +20.0 %"] };
        Assert.Equal(ValidationState.Disproven, With(Done(), wrong).StateOf(Trial.All));
        Assert.Equal(ValidationState.Proven, With(Done(), wrong).StateOf([.. Trial.All.Where(other => other != trial)]));
    }

    [Theory]
    [InlineData(GateOutcome.Broken)]
    [InlineData(GateOutcome.NotComparable)]
    public void A_session_that_was_no_measurement_is_kept_and_repeated(GateOutcome outcome)
    {
        foreach (var trial in Trial.All)
        {
            var broken = With(Done(), Outcome(trial) with { Outcome = outcome });
            Assert.Equal((ValidationState.Open, trial), (broken.StateOf(Trial.All), broken.Next(Trial.All)));
            Assert.Equal(ValidationState.Proven, (broken with { Outcomes = broken.Outcomes.Add(Outcome(trial)) }).StateOf(Trial.All));
        }
    }

    [Fact]
    public void It_goes_on_with_the_first_trial_that_has_sessions_left_and_only_with_the_same_gate()
    {
        var validation = new ValidationRecord("gate", []);
        for (var session = 0; session < Trial.All[0].Sessions; session++)
        {
            Assert.Equal(Trial.All[0], validation.Next(Trial.All));
            validation = validation with { Outcomes = validation.Outcomes.Add(Outcome(Trial.All[0])) };
            validation.Save(File);
        }

        Assert.Equal(Trial.All[1], ValidationRecord.Load(File, "gate").Next(Trial.All));
        Assert.Equal(validation.Outcomes.Select(outcome => outcome.Seconds), ValidationRecord.Load(File, "gate").Outcomes.Select(outcome => outcome.Seconds));
        Assert.Empty(ValidationRecord.Load(File, "other gate").Outcomes);
        System.IO.File.WriteAllText(File, "{ \"gate\": \"gate\",");
        Assert.Contains("Remove it to begin anew", Assert.Throws<UnreadableFileException>(() => ValidationRecord.Load(File, "gate")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_gate_begins_anew_and_another_pool_study_document_or_expectation_does_not()
    {
        var git = new Git(_directory);
        var gates = new HashSet<string> { await GateAsync("src/Snakepit.Measurement/Sample.cs") };
        string[] others =
        [
            "src/Snakepit/Pool.cs", "priv/python/worker.py", "README.md", "src/Snakepit.Benchmarks/Gate/Gate.md", "src/Snakepit.Benchmarks/Gate/Expectation.cs",
            "src/Snakepit.Benchmarks/Studies/PeersStudy.cs", "tests/Functional/Gate/Validations.cs", "baselines/validation.json",
        ];
        foreach (var path in others)
        {
            Assert.False(gates.Add(await GateAsync(path)), path);
        }

        foreach (var path in new[] { "src/Snakepit.Measurement/Sample.cs", "src/Snakepit.Benchmarks/Gate/Trial.cs", "baselines/policy.json", "baselines/Startup.verified.json" })
        {
            Assert.True(gates.Add(await GateAsync(path)), path);
        }

        async Task<string> GateAsync(string changed) =>
            await git.HashAsync(await TestRepository.CommitAsync(_directory, changed, Guid.NewGuid().ToString()), ValidateCommand.Validated);
    }

    [Fact]
    public async Task What_is_not_committed_is_noticed_even_where_the_gate_is_the_same()
    {
        var git = new Git(_directory);
        foreach (var path in new[] { "src/Snakepit.Benchmarks/Gate/Expectation.cs", "src/Snakepit.Benchmarks/Studies/PeersStudy.cs", "src/Snakepit/Pool.cs", "baselines/policy.json" })
        {
            var commit = await TestRepository.CommitAsync(_directory, path, "committed");
            Assert.True(await git.HasSourcesOfAsync(commit, ValidateCommand.Measured), path);
            await System.IO.File.WriteAllTextAsync(Path.Combine(_directory, path), "changed");
            Assert.False(await git.HasSourcesOfAsync(commit, ValidateCommand.Measured), path);
        }
    }

    [Fact]
    public void A_fault_is_as_large_as_its_share_of_what_was_calibrated()
    {
        var calibration = new Calibration(CallUs: 200, CallBytes: 3_000, StartMs: 160);
        Assert.Equal(
            [(FaultKind.Service, 50), (FaultKind.Startup, 40), (FaultKind.Serialisation, 50), (FaultKind.Allocations, 3_000)],
            Trial.All.Where(trial => trial.Share > 0).Select(trial => calibration.FaultOf(trial)).Select(fault => (fault.Kind, fault.Amount)));
    }

    [Fact]
    public void A_session_is_told_by_its_worst_metric_first_with_its_size_and_by_what_went_wrong()
    {
        var session = Synthetic.Session(Synthetic.Metric("time", 0.25), Synthetic.Metric("wait", 0.40), Synthetic.Metric("rate", 0, 0.5, worse: Worse.Lower, unit: "calls/s"));
        var verdict = ScenarioVerdict.Of(session, Synthetic.Accepting(session), Synthetic.Policy);
        var given = new ScenarioVerdict(session with { Failure = "the host has ended" }, []);
        var outcome = TrialOutcome.Of(Trial.All[2], [verdict], amount: 12.34, "revision", "machine", TimeSpan.FromSeconds(61.4));
        Assert.Equal(("+25 % service time", GateOutcome.Regressed, 12.3, 61), (outcome.Trial, outcome.Outcome, outcome.Amount, outcome.Seconds));
        Assert.Equal(["wait +40.0 %", "time +25.0 %"], outcome.Regressed.AsEnumerable());
        Assert.StartsWith("rate ", Assert.Single(outcome.Inconclusive), StringComparison.Ordinal);
        var broken = TrialOutcome.Of(Trial.All[0], [verdict, given], 0, "revision", "machine", TimeSpan.Zero);
        Assert.Equal((GateOutcome.Broken, "the host has ended"), (broken.Outcome, Assert.Single(broken.Problems)));
    }

    private static ValidationRecord Done() => new(
        "gate", [.. Trial.All.SelectMany(trial => Enumerable.Range(0, trial.Sessions).Select(_ => Outcome(trial)))]);

    /// <summary>The same with another outcome in place of one of its trial's.</summary>
    private static ValidationRecord With(ValidationRecord validation, TrialOutcome outcome) =>
        validation with { Outcomes = validation.Outcomes.Remove(validation.Outcomes.First(other => other.Trial == outcome.Trial)).Add(outcome) };

    /// <summary>A session that came out as it should.</summary>
    private static TrialOutcome Outcome(Trial trial) => new(
        trial.Name, trial.IsIdentical ? GateOutcome.Passed : GateOutcome.Regressed, trial.IsIdentical ? [] : [$"{Expectation.Of(trial.Fault)[0]} +25.0 %"], [], [], [], 1, "revision", "machine", 60);
}
