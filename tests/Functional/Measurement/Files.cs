using System.Collections.Immutable;
using Snakepit.Benchmarks;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Snapshots;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class Files : IDisposable
{
    private static readonly MachineProfile Machine = new(
        "Test CPU (R) @ 3GHz", 2, "10.0", ImmutableSortedDictionary<string, string>.Empty.Add("grpcio", "1.51").Add("python", "3.11"));

    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-files-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_run_survives_being_written_and_read()
    {
        var run = Run("20260101T000000Z", 1.5, 2.5);
        var read = RunStore.Load(new RunStore(_directory).Save(run));
        Assert.Equal(run.Scenarios[0].Metrics[0].Rounds.ToArray(), read.Scenarios[0].Metrics[0].Rounds.ToArray());
        Assert.Equal((run.Id, run.Commit, run.Dirty, run.Machine.Key), (read.Id, read.Commit, read.Dirty, read.Machine.Key));
    }

    [Fact]
    public void Runs_are_listed_newest_first()
    {
        var store = new RunStore(_directory);
        var first = store.Save(Run("20260101T000000Z", 1));
        var second = store.Save(Run("20260102T000000Z", 1));
        Assert.Equal([second, first], store.List());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ \"schema\": 1, \"id\": \"x\"")]
    [InlineData("null")]
    [InlineData("{ \"schema\": 1 }")]
    [InlineData("[]")]
    public void A_damaged_file_is_told_with_its_path(string content)
    {
        var path = Path.Combine(_directory, "result.json");
        File.WriteAllText(path, content);
        var exception = Assert.Throws<UnreadableFileException>(() => RunStore.Load(path));
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Throws<UnreadableFileException>(() => Baseline.Load(path, "Startup"));
        Assert.Throws<UnreadableFileException>(() => Policy.Load(path));
    }

    [Fact]
    public void A_missing_file_is_told_with_its_path() =>
        Assert.Contains("does not exist", Assert.Throws<UnreadableFileException>(() => RunStore.Load(Path.Combine(_directory, "none.json"))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_schema_is_refused()
    {
        var path = Path.Combine(_directory, "Startup.verified.json");
        File.WriteAllText(path, (Baseline.Empty("Startup") with { Schema = 99 }).ToText());
        Assert.Contains("schema 99", Assert.Throws<UnreadableFileException>(() => Baseline.Load(path, "Startup")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_baseline_of_another_scenario_is_refused()
    {
        var path = Path.Combine(_directory, "Startup.verified.json");
        File.WriteAllText(path, Baseline.Empty("Latency").ToText());
        Assert.Contains("'Latency'", Assert.Throws<UnreadableFileException>(() => Baseline.Load(path, "Startup")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_baseline_keeps_quartiles_by_machine_with_few_digits_and_survives_being_read()
    {
        var text = Baseline.Empty("Startup").With(Run("x", 123.456, 1.23456, 99999).Scenarios[0], Machine).ToText();
        var path = Path.Combine(_directory, "Startup.verified.json");
        File.WriteAllText(path, text);
        var read = Baseline.Load(path, "Startup");
        Assert.Equal(text, read.ToText());
        var values = read.Machines[Machine.Key].Values["startup.16.cold"];
        Assert.Equal([62.3, 123, 50100], values.ToArray());
        Assert.Contains("\"startup.16.cold\": [62.3, 123, 50100]", text, StringComparison.Ordinal);
        Assert.Equal("1.51", read.Machines[Machine.Key].Versions!["grpcio"].GetString());
    }

    [Fact]
    public void A_proposal_that_equals_the_accepted_text_is_withdrawn()
    {
        var snapshot = new Snapshot(_directory, "Startup");
        Assert.True(snapshot.Propose("one"));
        Assert.True(File.Exists(snapshot.ReceivedPath));
        File.Move(snapshot.ReceivedPath, snapshot.VerifiedPath);
        Assert.True(snapshot.Propose("two"));
        Assert.Equal("one", File.ReadAllText(snapshot.VerifiedPath));
        Assert.False(snapshot.Propose("one"));
        Assert.False(File.Exists(snapshot.ReceivedPath));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_no_other()
    {
        var path = Path.Combine(_directory, "kept");
        Directory.CreateDirectory(path); // a directory in the file's place: the last step fails
        Assert.ThrowsAny<Exception>(() => AtomicFile.Write(path, "new"));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public void A_machine_profile_is_one_word() =>
        Assert.Equal("test-cpu-r-3ghz-2c-dotnet10.0-grpcio1.51-python3.11", Machine.Key);

    [Fact]
    public void The_policy_judges_only_what_is_measured()
    {
        var policy = Workspace.Current.LoadPolicy();
        var measured = Scenario.All.SelectMany(create => create().Metrics).Select(metric => metric.Key).ToHashSet();
        Assert.Subset(measured, policy.Targets.Keys.ToHashSet());
        Assert.Subset(measured, policy.Targets.Values.SelectMany(target => target.Fitness?.Keys ?? []).ToHashSet());
        Assert.Subset(measured, Workspace.Current.LoadHistory().Entries.SelectMany(entry => entry.Values.Keys).ToHashSet());
    }

    [Fact]
    public void The_documents_targets_are_the_policy()
    {
        var targets = Workspace.Current.LoadPolicy().Targets;
        Assert.Equal((1000, 500), (targets["startup.16.cold"].Must, targets["startup.16.cold"].Nice));
        Assert.Equal((500, 1000), (targets["throughput.8.rate"].Must, targets["throughput.8.rate"].Nice));
        Assert.Equal((10, 5), (targets["latency.p99"].Must, targets["latency.p99"].Nice));
        Assert.Equal((0.95, 0.95), (targets["scaling.50_to_10"].Must, targets["scaling.100_to_10"].Must));
    }

    [Fact]
    public void Every_accepted_baseline_can_be_read_and_names_only_measured_metrics()
    {
        foreach (var create in Scenario.All)
        {
            var scenario = create();
            var baseline = Workspace.Current.LoadBaseline(scenario.Name);
            Assert.NotNull(baseline);
            var measured = scenario.Metrics.Select(metric => metric.Key).Order(StringComparer.Ordinal);
            Assert.All(baseline.Machines.Values, machine => Assert.Equal(measured, machine.Values.Keys));
        }
    }

    private static RunResult Run(string id, params double[] rounds) => new(
        RunResult.CurrentSchema, id, new string('a', 40), Dirty: false, Machine, 0.5, 0.75,
        [new ScenarioResult("Startup", [new MetricResult("startup.16.cold", "ms", Worse.Higher, "", [.. rounds])], Seed: 3)]);
}
