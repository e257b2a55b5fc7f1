using Snakepit.Benchmarks.Commands;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Runs;
using Snakepit.Tests.Functional.Conventions;
using Snakepit.Tests.Functional.Measurement;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests that a regression found by one job of continuous integration can be confirmed by a second job, which may run on another machine.
/// The first job hands its suspects, the apparent regressions, to the second job in a file.
/// </summary>
public sealed class Confirmations : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-suspects-").FullName;

    private const string Sources = "the checksum of what was measured";

    private string File => Path.Combine(_directory, "suspects.json");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_file_for_the_other_job_has_whole_sessions_so_that_both_together_can_be_accepted()
    {
        var suspect = Synthetic.Session(Synthetic.Metric("time", 0.25), Synthetic.Metric("wait", 0));
        var sound = Synthetic.Session(Synthetic.Metric("time", 0)) with { Scenario = "Latency" };
        Suspects.Of([Judge(suspect), Judge(sound)], Sources).Save(File);

        var loaded = Suspects.Load(File);
        Assert.Equal(Sources, loaded.Sources);
        var first = Assert.Single(loaded.Sessions);

        Assert.Equal(("Startup", Synthetic.Pin, 2), (first.Scenario, first.Pin, first.Metrics.Length));
        var confirmed = Judge(first with { Confirmation = Synthetic.Session(Synthetic.Metric("time", 0.25)) });
        Assert.Equal(GateOutcome.Regressed, confirmed.OutcomeWithoutSuspects);
        var ratio = Synthetic.Propose(confirmed, Synthetic.Accepting(suspect))!.Metrics["time"];
        Assert.Equal((24, 2), (ratio.Rounds, ratio.Sessions));
        Assert.Equal(GateOutcome.Passed, Judge(first with { Confirmation = Synthetic.Session(Synthetic.Metric("time", 0)) }).Outcome);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"Sessions\":[]}")]
    [InlineData("{\"Sessions\":[{}]}")]
    [InlineData("{\"Sessions\":null}")]
    [InlineData("nonsense")]
    public void A_file_that_holds_no_session_is_refused_with_its_name(string content)
    {
        System.IO.File.WriteAllText(File, content);
        var refused = Assert.Throws<UnreadableFileException>(() => Suspects.Load(File));
        Assert.StartsWith(File, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_names_a_scenario_or_a_metric_twice_is_refused()
    {
        var (time, session) = (Synthetic.Metric("time", 0.25), Synthetic.Session(Synthetic.Metric("time", 0.25)));
        new Suspects([session, session], Sources).Save(File);
        Assert.Contains("names Startup twice", Refused(), StringComparison.Ordinal);
        new Suspects([Synthetic.Session(time, time)], Sources).Save(File);
        Assert.Contains("names time twice", Refused(), StringComparison.Ordinal);

        string Refused() => Assert.Throws<UnreadableFileException>(() => Suspects.Load(File)).Message;
    }

    [Fact]
    public async Task The_suspects_of_a_scenario_that_does_not_exist_are_refused_without_a_stack_trace()
    {
        Suspects.Of([Judge(Synthetic.Session(Synthetic.Metric("time", 0.25)) with { Scenario = "Sunshine" })], Sources).Save(File);
        var program = Path.Combine(CandidateBuild.Directory, "Snakepit.Benchmarks.dll");
        var result = await Subprocess.RunAsync(
            DotnetEnvironment.Muxer, ["exec", program, "confirm", File], CancellationToken.None, DotnetEnvironment.KeepForHost).InTime();
        Assert.Equal(ExitCode.Broken, result.ExitCode);
        Assert.Contains("this revision has no scenario Sunshine", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData(0.5, false, "has measured other sources than those that are built here")]
    [InlineData(0, true, "no metric of Recovery is suspect, so there is nothing to confirm")]
    public async Task A_session_of_other_code_or_without_a_suspect_is_refused_instead_of_passed(double worseBy, bool isOfThis, string told)
    {
        var sources = isOfThis ? BuiltSources.Read(CandidateBuild.Directory, CandidateBuild.RepositoryRoot).Checksum : Sources;
        var criteria = await Criteria.LoadAsync(Workspace.Current, "Recovery");
        var metric = Synthetic.Metric("recovery.replaced", worseBy, rounds: 40);
        metric = metric with { Candidate = [.. metric.Candidate.Select(value => value * criteria.Baseline!.Metrics[metric.Key].Ratio)] };
        var first = Synthetic.Session(metric) with { Scenario = "Recovery", Pin = criteria.Baseline!.Pin };
        await using var gate = await PerformanceGate.OpenAsync(Workspace.Current, new GateOptions(), _ => { }, CancellationToken.None);
        var recovery = AllScenarios.All.Single(scenario => scenario.Name == "Recovery");
        var refused = await Assert.ThrowsAsync<NotComparableException>(
            () => gate.ConfirmAsync(recovery, first, sources, CancellationToken.None));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_a_suspect_deletes_the_file_of_an_earlier_run()
    {
        System.IO.File.WriteAllText(File, "of an earlier run");
        Suspects.Of([Judge(Synthetic.Session(Synthetic.Metric("time", 0)))], Sources).Save(File);
        Assert.False(System.IO.File.Exists(File));
        Assert.Throws<UnreadableFileException>(() => Suspects.Load(File));
    }

    [Fact]
    public void Workflows_use_bash_which_reports_a_failure_inside_of_a_pipe()
    {
        var workflows = Directory.GetFiles(Path.Combine(Repository.Root, ".github", "workflows"));
        Assert.NotEmpty(workflows);
        const string Bash = "defaults:\n  run:\n    shell: bash";
        Assert.All(workflows, workflow => Assert.Contains(Bash, System.IO.File.ReadAllText(workflow), StringComparison.Ordinal));
    }

    [Fact]
    public void Workflows_that_meet_another_run_or_are_run_again_replace_nothing_but_their_own()
    {
        foreach (var workflow in Directory.GetFiles(Path.Combine(Repository.Root, ".github", "workflows")))
        {
            var text = System.IO.File.ReadAllText(workflow);
            Assert.Contains("\nconcurrency:", text, StringComparison.Ordinal);
            var uploads = text.Split("uses: actions/upload-artifact")[1..];
            Assert.All(uploads, upload => Assert.Contains("overwrite: true", upload.Split("\n      - ")[0], StringComparison.Ordinal));
        }
    }

    private static ScenarioVerdict Judge(ScenarioResult session) =>
        ScenarioVerdict.Of(session, Synthetic.Accepting(session with { Confirmation = null }), Synthetic.Policy);
}
