using Snakepit.Benchmarks.Gate;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Runs;
using Snakepit.Tests.Functional.Conventions;
using Snakepit.Tests.Functional.Measurement;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>What one job leaves to be confirmed by another.</summary>
public sealed class Confirmations : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-suspects-").FullName;

    private string File => Path.Combine(_directory, "suspects.json");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Sessions_with_a_suspect_travel_whole_and_both_together_can_be_accepted()
    {
        var (suspect, sound) = (Synthetic.Session(Synthetic.Metric("time", 0.25), Synthetic.Metric("wait", 0)), Synthetic.Session(Synthetic.Metric("time", 0)) with { Scenario = "Latency" });
        Suspects.Of([Judge(suspect), Judge(sound)]).Save(File);

        var first = Assert.Single(Suspects.Load(File).Sessions);

        Assert.Equal(("Startup", Synthetic.Pin, 2), (first.Scenario, first.Pin, first.Metrics.Length));
        var confirmed = Judge(first with { Confirmation = Synthetic.Session(Synthetic.Metric("time", 0.25)) });
        Assert.Equal(GateOutcome.Regressed, confirmed.OutcomeWithoutSuspects);
        Assert.Equal((24, 2), Proposal.Of(confirmed, Synthetic.Accepting(suspect))!.Metrics["time"] is var ratio ? (ratio.Rounds, ratio.Sessions) : default);
        Assert.Equal(GateOutcome.Passed, Judge(first with { Confirmation = Synthetic.Session(Synthetic.Metric("time", 0)) }).Outcome);
    }

    [Fact]
    public void Nothing_is_left_where_nobody_is_suspected()
    {
        System.IO.File.WriteAllText(File, "of an earlier run");
        Suspects.Of([Judge(Synthetic.Session(Synthetic.Metric("time", 0)))]).Save(File);
        Assert.False(System.IO.File.Exists(File));
        Assert.Throws<UnreadableFileException>(() => Suspects.Load(File));
    }

    [Fact]
    public void Workflows_lose_no_exit_code_in_a_pipe()
    {
        var workflows = Directory.GetFiles(Path.Combine(Repository.Root, ".github", "workflows"));
        Assert.NotEmpty(workflows);
        Assert.All(workflows, workflow => Assert.Contains("defaults:\n  run:\n    shell: bash", System.IO.File.ReadAllText(workflow), StringComparison.Ordinal));
    }

    private static ScenarioVerdict Judge(ScenarioResult session) => ScenarioVerdict.Of(session, Synthetic.Accepting(session with { Confirmation = null }), Synthetic.Policy);
}
