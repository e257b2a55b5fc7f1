using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Snapshots;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class Files : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-files-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_run_survives_being_written_and_read()
    {
        var session = Made.Session(Made.Metric("time", 0.1), Made.Metric("rate", 0.1, worse: Worse.Lower), Made.Count("count", 17)) with
        {
            Warnings = ["round 3 was dropped"],
            Confirmation = Made.Session(Made.Metric("time", 0.2, rounds: 40)),
        };
        var run = Made.Run("20260101T000000Z", session, Made.Session() with { Scenario = "Alone", Pin = null });
        var path = new RunStore(_directory).Save(run);
        var read = RunStore.Load(path);
        Assert.Equal((run.Id, run.Commit, run.Dirty, run.Machine.Key, run.LoadBefore, run.LoadAfter), (read.Id, read.Commit, read.Dirty, read.Machine.Key, read.LoadBefore, read.LoadAfter));
        Assert.Equal((null, 7, Made.Pin), (read.Scenarios[1].Pin, read.Scenarios[0].Seed, read.Scenarios[0].Pin));
        Assert.Equal(session["time"].Candidate.AsEnumerable(), read.Scenarios[0]["time"].Candidate.AsEnumerable());
        Assert.Equal(session["rate"].Pin.AsEnumerable(), read.Scenarios[0]["rate"].Pin.AsEnumerable());
        Assert.Equal(Worse.Lower, read.Scenarios[0]["rate"].Worse);
        Assert.Equal(40, read.Scenarios[0].Confirmation!.Rounds);
        var again = Path.Combine(_directory, "again.json");
        RunStore.SaveAs(read, again);
        Assert.Equal(File.ReadAllText(path), File.ReadAllText(again));
    }

    [Fact]
    public void Runs_are_listed_newest_first()
    {
        var store = new RunStore(_directory);
        var first = store.Save(Made.Run("20260101T000000Z"));
        var second = store.Save(Made.Run("20260102T000000Z"));
        Assert.Equal([second, first], store.List());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ \"schema\": 2, \"id\": \"x\"")]
    [InlineData("null")]
    [InlineData("{ \"schema\": 2 }")]
    [InlineData("{ \"schema\": 1 }")]
    [InlineData("{ \"schema\": 99 }")]
    [InlineData("{ \"schema\": null }")]
    [InlineData("{ }")]
    [InlineData("[]")]
    [InlineData("\0\0\0\0")]
    public void A_damaged_file_is_told_with_its_path(string content)
    {
        var path = Path.Combine(_directory, "result.json");
        File.WriteAllText(path, content);
        foreach (var load in new Action[] { () => RunStore.Load(path), () => Baseline.Load(path, "Startup"), () => Policy.Load(path), () => History.Load(path) })
        {
            var exception = Assert.Throws<UnreadableFileException>(load);
            Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
            Assert.Equal(path, exception.Path);
        }
    }

    [Fact]
    public void A_missing_file_is_told_with_its_path()
    {
        var path = Path.Combine(_directory, "nowhere", "none.json");
        foreach (var load in new Action[] { () => RunStore.Load(path), () => Baseline.Load(path, "Startup"), () => Policy.Load(path), () => History.Load(path) })
        {
            Assert.Equal($"{path}: it does not exist.", Assert.Throws<UnreadableFileException>(load).Message);
        }
    }

    [Fact]
    public void A_baseline_keeps_quartiles_by_machine_with_few_digits_and_survives_being_read()
    {
        var metric = Made.Metric("time", 0) with { Candidate = [123.456, 1.23456, 99999], Pin = [1, 1, 1] };
        var session = Made.Session(metric, Made.Count("count", 17, rounds: 3));
        var text = Made.Accepting(session).With(session, Made.Machine).ToText();
        var path = Path.Combine(_directory, "Startup.verified.json");
        File.WriteAllText(path, text);
        var read = Baseline.Load(path, "Startup");
        Assert.Equal(text, read.ToText());
        Assert.Equal([62.3, 123, 50100], read.Machines[Made.Machine.Key].Values["time"].AsEnumerable());
        Assert.Contains("\"time\": [62.3, 123, 50100]", text, StringComparison.Ordinal);
        Assert.Equal("1.51", read.Machines[Made.Machine.Key].Versions!["grpcio"].GetString());
        Assert.Equal((1, 17, "made up", Made.Pin), (read.Metrics["time"].Ratio, read.Counts["count"], read.Reason, read.Pin));
    }

    [Fact]
    public void A_baseline_is_one_line_a_metric_with_sorted_keys_and_four_digits()
    {
        var session = Made.Session(Made.Metric("wait", 0.123456, 0.0234567), Made.Metric("time", 0.25), Made.Count("count", 17));
        var proposal = Proposal.Of(ScenarioVerdict.Of(session, Baseline.Empty("Startup", Made.Pin), Made.Policy), Baseline.Empty("Startup", Made.Pin))!;
        Golden.Equal("Baseline.verified.json", proposal.With(session, Made.Machine).ToText());
    }

    [Fact]
    public void Another_machine_is_added_and_the_same_one_replaced()
    {
        var session = Made.Session(Made.Metric("time", 0));
        var baseline = Made.Accepting(session).With(session, Made.Machine).With(session, Made.Machine with { Cores = 4 }).With(session, Made.Machine);
        Assert.Equal(2, baseline.Machines.Count);
    }

    [Fact]
    public void A_policy_survives_being_written_and_read()
    {
        var text = System.Text.Json.JsonSerializer.Serialize(Made.Policy, RunStore.Format);
        var read = Policy.Parse(text, "policy.json");
        Assert.Equal(Made.Policy.Rules.AsEnumerable(), read.Rules.AsEnumerable());
        Assert.Equal(Made.Policy.Metrics.AsEnumerable(), read.Metrics.AsEnumerable());
        Assert.Equal(Made.Policy.Looks.Rounds.AsEnumerable(), read.Looks.Rounds.AsEnumerable());
        Assert.Equal((Made.Policy.Looks.Level, Made.Policy.Looks.Control), (read.Looks.Level, read.Looks.Control));
    }

    [Fact]
    public void The_history_tells_what_each_origin_says_of_a_metric()
    {
        var path = Path.Combine(_directory, "history.json");
        File.WriteAllText(path, """{ "schema": 1, "entries": [ { "name": "old", "source": "s", "values": { "time": 3 } }, { "name": "new", "source": "s", "values": { "rate": 4, "time": 5 } } ] }""");
        Assert.Equal([("old", 3), ("new", 5)], History.Load(path).Of("time"));
        Assert.Empty(History.Load(path).Of("none"));
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
    public void A_full_disk_is_told_and_costs_nothing_that_was_there()
    {
        var path = Path.Combine(_directory, "kept");
        File.WriteAllText(path, "old");
        FullDisk.Before(path);
        Assert.Contains("No space left", Assert.Throws<IOException>(() => AtomicFile.Write(path, "new")).Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_directory));
        Assert.Equal("old", File.ReadAllText(path));
    }

    [Fact]
    public void A_machine_profile_is_one_word() =>
        Assert.Equal("test-cpu-r-3ghz-2c-dotnet10.0-grpcio1.51-python3.11", Made.Machine.Key);

    [Fact]
    public void The_policy_judges_only_what_is_measured()
    {
        var measured = AllScenarios.All.SelectMany(scenario => scenario.Metrics).Select(metric => metric.Key).ToHashSet();
        Assert.Subset(measured, Workspace.Current.LoadPolicy().Metrics.Keys.ToHashSet());
        Assert.Subset(measured, Workspace.Current.LoadHistory().Entries.SelectMany(entry => entry.Values.Keys).ToHashSet());
    }

    [Fact]
    public void The_documents_targets_are_the_policy()
    {
        var metrics = Workspace.Current.LoadPolicy().Metrics;
        Assert.Equal((1000, 500), (metrics["startup.16.cold"].Must, metrics["startup.16.cold"].Nice));
        Assert.Equal((500, 1000), (metrics["throughput.8.rate"].Must, metrics["throughput.8.rate"].Nice));
        Assert.Equal((10, 5), (metrics["latency.p99"].Must, metrics["latency.p99"].Nice));
        Assert.Equal((0.95, 0.95), (metrics["scaling.50_to_10"].Must, metrics["scaling.100_to_10"].Must));
        Assert.All(["startup.16.cold", "throughput.8.rate", "latency.windows.p95", "latency.windows.p99"], key => Assert.Equal("time", metrics[key].Rule));
    }

    [Fact]
    public void The_documents_thresholds_are_the_policy()
    {
        var policy = Workspace.Current.LoadPolicy();
        Assert.Equal((1.05, 1.15, 1.20, 0.95), Thresholds(policy.Rules["time"]));
        Assert.Equal(1.05, policy.Rules["amount"].Edge);
        Assert.InRange(policy.Rules["time"].Tau, 0.001, 0.05);
        Assert.Equal([10, 15, 24, 40], policy.Looks.Rounds.AsEnumerable());
        Assert.Equal((0.005, 1.3), (policy.Looks.Level, policy.Looks.Control));

        static (double, double, double, double) Thresholds(RatioRule rule) => (rule.NoAlarm, rule.Edge, rule.Catch, rule.Better);
    }

    [Fact]
    public void Every_scenario_has_a_baseline_that_accepts_exactly_what_the_policy_judges()
    {
        var policy = Workspace.Current.LoadPolicy();
        foreach (var scenario in AllScenarios.All)
        {
            var baseline = Workspace.Current.LoadBaseline(scenario.Name);
            Assert.True(baseline is not null, $"{scenario.Name} has no baseline: {Workspace.Current.BaselineSnapshot(scenario.Name).VerifiedPath} does not exist.");
            Assert.Equal(Keys(scenario.Metrics.Where(metric => policy.RuleOf(metric.Key) is not null)), baseline.Metrics.Keys);
            Assert.Equal(Keys(scenario.Metrics.Where(metric => policy.Of(metric.Key).IsExact)), baseline.Counts.Keys);
            Assert.All(scenario.Metrics.Where(metric => baseline.Metrics.ContainsKey(metric.Key)), metric => Assert.Equal(
                (metric.Unit, metric.Worse), (baseline.Metrics[metric.Key].Unit, baseline.Metrics[metric.Key].Worse)));
            Assert.All(baseline.Machines.Values, machine =>
            {
                Assert.Subset(scenario.Metrics.Select(metric => metric.Key).ToHashSet(), machine.Values.Keys.ToHashSet());
                Assert.Subset(machine.Values.Keys.ToHashSet(), baseline.Metrics.Keys.Concat(baseline.Counts.Keys).ToHashSet());
            });
            Assert.NotEqual("", baseline.Reason);
        }

        static IEnumerable<string> Keys(IEnumerable<Metric> metrics) => metrics.Select(metric => metric.Key).Order(StringComparer.Ordinal);
    }
}
