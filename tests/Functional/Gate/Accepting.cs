using Snakepit.Benchmarks.Commands;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Samples;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests that <c>bench accept</c> replaces the verified baseline (the accepted ratios to the pin) with the received baseline of a run and
/// records the reason, but only if enough was measured.
/// </summary>
public sealed class Accepting : IDisposable
{
    private const string Metric = "startup.16.cold";

    private static readonly string Pin = new('a', 40);
    private static readonly string Sources = new('F', 64);

    private readonly string _root = Directory.CreateTempSubdirectory("snakepit-accept-").FullName;
    private readonly Workspace _workspace;

    public Accepting()
    {
        _workspace = new Workspace(_root, pullRequestTo: null);
        Directory.CreateDirectory(_workspace.BaselineDirectory);
        var policy = Path.Combine(Workspace.Current.BaselineDirectory, "policy.json");
        File.Copy(policy, Path.Combine(_workspace.BaselineDirectory, "policy.json"));
        File.WriteAllText(Verified, Text(new AcceptedRatio("ms", Worse.Higher, 1, [0.98, 1.02], 40, 1), "as it was", sources: null));
    }

    private string Verified => _workspace.BaselineSnapshot("Startup").VerifiedPath;

    private string Received => _workspace.BaselineSnapshot("Startup").ReceivedPath;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_baseline_of_a_scenario_that_was_removed_or_renamed_asks_for_acceptance_and_is_then_deleted()
    {
        var old = _workspace.BaselineSnapshot("Warmup").VerifiedPath;
        File.Move(Verified, old);
        var refused = Assert.Throws<UnreadableFileException>(() => AcceptedNames.Require(_workspace));
        Assert.Contains("there is no scenario 'Warmup'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("bench accept Warmup", refused.Message, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Pass, AcceptCommand.Accept(_workspace, [], "not by its name", Sources));
        Assert.True(File.Exists(old)); // another branch may have this scenario

        Assert.Equal(ExitCode.Pass, AcceptCommand.Accept(_workspace, ["Warmup"], "it measured nothing of use", Sources));

        Assert.False(File.Exists(old));
        AcceptedNames.Require(_workspace);
        Assert.Equal(ExitCode.Broken, AcceptCommand.Accept(_workspace, ["Warmup"], "again", Sources));
    }

    [Fact]
    public void A_metric_in_the_policy_that_no_scenario_has_is_refused_because_it_would_lose_its_limit()
    {
        var policy = File.ReadAllText(_workspace.PolicyPath);
        File.WriteAllText(_workspace.PolicyPath, policy.Replace("\"latency.p99\"", "\"latency.p999\"", StringComparison.Ordinal));
        var refused = Assert.Throws<UnreadableFileException>(() => AcceptedNames.Require(_workspace));
        Assert.Contains("no scenario has the metric 'latency.p999'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("latency.p99,", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_that_leaves_a_whole_scenario_to_full_runs_is_refused()
    {
        LeaveToFullRuns("recovery.noticed");
        AcceptedNames.Require(_workspace);
        LeaveToFullRuns("recovery.replaced");
        var refused = Assert.Throws<UnreadableFileException>(() => AcceptedNames.Require(_workspace));
        Assert.Contains("it leaves all metrics of Recovery to full runs", refused.Message, StringComparison.Ordinal);

        void LeaveToFullRuns(string metric) => File.WriteAllText(_workspace.PolicyPath, File.ReadAllText(_workspace.PolicyPath)
            .Replace($"\"{metric}\": {{", $"\"{metric}\": {{ \"full\": true,", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", 40, 1, "it has no reason")]
    [InlineData(" ", 40, 1, "it has no reason")]
    [InlineData("\u200B\u2060\uFEFF \u3164", 40, 1, "it has no reason")]
    [InlineData("renamed by hand", 3, 1, "was measured in only 3 rounds")]
    [InlineData("renamed by hand", 40, 1, "the checksum of the sources that it was measured on", true)]
    public async Task A_baseline_that_was_renamed_by_hand_is_asked_for_what_the_command_asks_for(
        string reason, int rounds, int sessions, string told, bool isUnchecked = false)
    {
        var sources = isUnchecked ? Sources : null;
        File.WriteAllText(Verified, Text(new AcceptedRatio("ms", Worse.Higher, 1.3, [1.25, 1.35], rounds, sessions), reason, sources));
        var refused = await Assert.ThrowsAsync<UnreadableFileException>(() => Criteria.LoadAsync(_workspace, "Startup"));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
        Assert.Contains(Verified, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(24, 2)]
    [InlineData(40, 1)]
    public void A_received_baseline_of_two_sessions_or_of_all_rounds_of_one_is_accepted_with_the_reason(int rounds, int sessions)
    {
        File.WriteAllText(Received, Text(new AcceptedRatio("ms", Worse.Higher, 1.3, [1.25, 1.35], rounds, sessions), ""));
        Assert.Equal(ExitCode.Pass, AcceptCommand.Accept(_workspace, ["Startup"], "more is imported", Sources));
        var accepted = Baseline.Load(Verified, "Startup");
        Assert.Equal(("more is imported", 1.3, null), (accepted.Reason, accepted.Metrics[Metric].Ratio, accepted.Sources));
        Assert.False(File.Exists(Received));
    }

    [Theory]
    [InlineData(1.3, 1.25, 1.35, 12, 1)] // too few rounds and only one session
    [InlineData(1.3, 1.0, 1.7, 40, 1)] // bounds that are too wide
    [InlineData(1.3, 1.25, 1.35, 3, 2)] // two sessions have more rounds than three
    [InlineData(1.3, 1.25, 1.35, 90, 2)] // bounds cannot be computed for so many rounds
    [InlineData(1.3, 1.25, 1.35, 40, 3)] // a run has no more than two sessions
    [InlineData(1.02, 0.99, 1.05, 40, 1)] // bounds that contain the accepted ratio, so that nothing has changed
    public void A_received_baseline_of_too_few_rounds_or_with_bounds_that_are_not_its_own_is_refused_and_no_file_changes(
        double ratio, double lower, double upper, int rounds, int sessions)
    {
        var before = File.ReadAllText(Verified);
        File.WriteAllText(Received, Text(new AcceptedRatio("ms", Worse.Higher, ratio, [lower, upper], rounds, sessions), ""));
        Assert.Equal(ExitCode.MachineUnfit, AcceptCommand.Accept(_workspace, [], "because", Sources));
        Assert.Equal(before, File.ReadAllText(Verified));
        Assert.True(File.Exists(Received));
    }

    [Fact]
    public void A_received_baseline_with_another_pin_is_refused()
    {
        File.WriteAllText(Received, Slower().Replace(Pin, new string('b', 40), StringComparison.Ordinal));
        Assert.Equal(ExitCode.MachineUnfit, AcceptCommand.Accept(_workspace, ["Startup"], "because", Sources));
    }

    [Fact]
    public void A_received_baseline_of_other_sources_than_those_that_are_built_is_refused()
    {
        var before = File.ReadAllText(Verified);
        File.WriteAllText(Received, Slower());
        Assert.Equal(ExitCode.MachineUnfit, AcceptCommand.Accept(_workspace, ["Startup"], "because", new string('0', 64)));
        Assert.Equal(before, File.ReadAllText(Verified));
        File.WriteAllText(Received, Slower().Replace($"  \"sources\": \"{Sources}\",\n", "", StringComparison.Ordinal));
        Assert.Equal(ExitCode.MachineUnfit, AcceptCommand.Accept(_workspace, ["Startup"], "because", Sources));
        Assert.Equal(before, File.ReadAllText(Verified));
    }

    [Fact]
    public void A_received_baseline_that_would_undo_what_was_accepted_meanwhile_is_refused()
    {
        var verified = Baseline.Load(Verified, "Startup");
        var received = Baseline.Parse(Slower(), Received, "Startup") with { Basis = verified.ToChecksum() };
        File.WriteAllText(Received, received.ToText());
        File.WriteAllText(Verified, (verified with { Reason = "accepted meanwhile" }).ToText());
        Assert.Equal(ExitCode.MachineUnfit, AcceptCommand.Accept(_workspace, ["Startup"], "because", Sources));
        File.WriteAllText(Verified, verified.ToText());
        Assert.Equal(ExitCode.Pass, AcceptCommand.Accept(_workspace, ["Startup"], "because", Sources));
        Assert.Null(Baseline.Load(Verified, "Startup").Basis);
    }

    [Fact]
    public void Naming_a_scenario_without_a_received_baseline_is_an_error_and_naming_none_is_not()
    {
        Assert.Equal(ExitCode.Broken, AcceptCommand.Accept(_workspace, ["Startup"], "because", Sources));
        Assert.Equal(ExitCode.Pass, AcceptCommand.Accept(_workspace, [], "because", Sources));
    }

    [Fact]
    public void A_damaged_received_baseline_is_reported_by_its_path_and_no_file_changes()
    {
        var before = File.ReadAllText(Verified);
        File.WriteAllText(Received, "{ \"schema\": 2,");
        var damaged = Assert.Throws<UnreadableFileException>(() => AcceptCommand.Accept(_workspace, [], "because", Sources));
        Assert.Contains(Received, damaged.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Verified));
    }

    [Fact]
    public void A_full_disk_is_reported_and_both_files_stay_as_they_were()
    {
        File.WriteAllText(Received, Slower());
        var before = (File.ReadAllText(Verified), File.ReadAllText(Received));
        FullDisk.Before(Verified);
        var full = Assert.Throws<IOException>(() => AcceptCommand.Accept(_workspace, [], "because", Sources));
        Assert.Contains("No space left", full.Message, StringComparison.Ordinal);
        Assert.Equal(before, (File.ReadAllText(Verified), File.ReadAllText(Received)));
    }

    private static string Slower() => Text(new AcceptedRatio("ms", Worse.Higher, 1.3, [1.25, 1.35], 40, 1), "");

    private static string Text(AcceptedRatio ratio, string reason) => Text(ratio, reason, Sources);

    private static string Text(AcceptedRatio ratio, string reason, string? sources)
    {
        var baseline = Baseline.Empty("Startup", Pin);
        return (baseline with { Reason = reason, Sources = sources, Metrics = baseline.Metrics.Add(Metric, ratio) }).ToText();
    }
}
