using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Samples;
using Snakepit.Tests.Functional.Measurement;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests that a pull request is judged by the policy and the pin of the commit at which it branched off, so that it cannot change its own
/// criteria without being noticed.
/// </summary>
public sealed class PullRequests : IDisposable
{
    private const string Scenario = "Startup";
    private const string Metric = "startup.16.cold";
    private const string FirstMetric = "\"startup.128.cold\": {";
    private const string NewMetric = "\"startup.64.cold\": { \"rule\": \"new\" }";
    private const string NewRule =
        """
        "rules": { "new": { "noAlarm": 1.05, "edge": 1.1, "catch": 1.2, "better": 0.9, "tau": 0.01 }
        """;

    private static readonly string OldPin = new('a', 40);
    private static readonly string NewPin = new('b', 40);

    private readonly string _root = Directory.CreateTempSubdirectory("snakepit-pull-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Outside_of_a_pull_request_the_baseline_of_the_working_tree_counts()
    {
        await BranchOffAsync();
        await BaselineAsync(OldPin, 1.5, "slower on purpose");
        var criteria = await Criteria.LoadAsync(new Workspace(_root, pullRequestTo: null), Scenario);
        Assert.Equal((1.5, 0), (criteria.Baseline!.Metrics[Metric].Ratio, criteria.Notes.Count));
    }

    [Fact]
    public async Task A_changed_baseline_counts_and_a_note_shows_the_change()
    {
        await BranchOffAsync();
        await BaselineAsync(OldPin, 1.5, "slower on purpose");
        var criteria = await Criteria.LoadAsync(new Workspace(_root, "main"), Scenario);
        Assert.Equal(1.5, criteria.Baseline!.Metrics[Metric].Ratio);
        Assert.Contains("(slower on purpose): startup.16.cold 1.1 → 1.5", Assert.Single(criteria.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ratio_that_the_pull_request_leaves_out_still_counts_if_its_metric_was_measured()
    {
        await BranchOffAsync();
        var baseline = Baseline.Empty(Scenario, OldPin) with { Reason = "a line was lost" };
        await TestRepository.CommitAsync(_root, $"baselines/{Scenario}.verified.json", baseline.ToText());
        var criteria = await Criteria.LoadAsync(new Workspace(_root, "main"), Scenario);
        Assert.Contains($"{Metric} removed", Assert.Single(criteria.Notes), StringComparison.Ordinal);

        var slower = Synthetic.Session(Synthetic.Metric(Metric, 1, rounds: 40)) with { Pin = OldPin };
        var verdict = Assert.Single(criteria.Judge(slower).Metrics);
        Assert.Equal((MetricOutcome.Regressed, 1.1), (verdict.Outcome, verdict.Accepted));
        Assert.Equal([Metric], criteria.SuspectsOf(slower));
        var renamed = Synthetic.Session(Synthetic.Metric("startup.other", 1, rounds: 40)) with { Pin = OldPin };
        Assert.Equal("startup.other", Assert.Single(criteria.Judge(renamed).Metrics).Key);
    }

    [Fact]
    public async Task Outside_of_a_pull_request_a_note_tells_which_metrics_are_not_judged_because_the_baseline_lacks_them()
    {
        await BranchOffAsync();
        var baseline = Baseline.Empty(Scenario, OldPin) with { Reason = "a line was lost" };
        await TestRepository.CommitAsync(_root, $"baselines/{Scenario}.verified.json", baseline.ToText());
        var criteria = await Criteria.LoadAsync(new Workspace(_root, pullRequestTo: null), Scenario);
        var slower = criteria.Judge(Synthetic.Session(Synthetic.Metric(Metric, 1, rounds: 40)) with { Pin = OldPin });
        Assert.Contains($"does not list them: {Metric}.", Assert.Single(criteria.NotesOn(slower)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tag_with_the_name_of_the_remote_branch_changes_nothing()
    {
        await BranchOffAsync();
        await BaselineAsync(NewPin, 1, "another pin");
        await TestRepository.GitAsync(_root, "tag", "origin/main", "HEAD");
        await TestRepository.GitAsync(_root, "branch", "origin/main", "HEAD");
        var criteria = await Criteria.LoadAsync(new Workspace(_root, "main"), Scenario);
        Assert.Equal(OldPin, criteria.Baseline!.Pin);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("", "", null)]
    [InlineData("main", "", "main")]
    [InlineData("", "refs/heads/release/1", "release/1")]
    public void The_branch_of_a_pull_request_and_of_a_merge_queue_is_known(string? pullRequest, string? queue, string? expected) =>
        Assert.Equal(expected, Workspace.BranchIn(pullRequest, queue));

    [Fact]
    public async Task A_ratio_that_changes_without_a_new_reason_is_refused()
    {
        await BranchOffAsync();
        await BaselineAsync(OldPin, 1.5, "as it was");
        var refused = await Assert.ThrowsAsync<UnreadableFileException>(() => Criteria.LoadAsync(new Workspace(_root, "main"), Scenario));
        Assert.Contains("its reason has not", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whether_a_ratio_rests_on_enough_rounds_is_asked_of_the_old_policy()
    {
        await BranchOffAsync();
        await TestRepository.CommitAsync(
            _root, "baselines/policy.json", Policy().Replace("[10, 15, 24, 40]", "[10]", StringComparison.Ordinal));
        await BaselineAsync(OldPin, 1.5, "slower on purpose", rounds: 10);
        var refused = await Assert.ThrowsAsync<UnreadableFileException>(() => Criteria.LoadAsync(new Workspace(_root, "main"), Scenario));
        Assert.Contains("was measured in only 10 rounds", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_moved_pin_does_not_count_before_the_pull_request_is_merged()
    {
        await BranchOffAsync();
        await BaselineAsync(NewPin, 1, "another pin");
        var criteria = await Criteria.LoadAsync(new Workspace(_root, "main"), Scenario);
        Assert.Equal((OldPin, 1.1), (criteria.Baseline!.Pin, criteria.Baseline.Metrics[Metric].Ratio));
        Assert.Contains("pin of Startup moved", Assert.Single(criteria.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_policy_does_not_count_before_the_pull_request_is_merged()
    {
        await BranchOffAsync();
        await TestRepository.CommitAsync(_root, "baselines/policy.json", Policy().Replace("1.15", "1.19", StringComparison.Ordinal));
        var criteria = await Criteria.LoadAsync(new Workspace(_root, "main"), Scenario);
        Assert.Equal(1.15, criteria.Policy.Rules["time"].Tolerance);
        Assert.Contains("policy changed", Assert.Single(criteria.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_metric_that_the_old_policy_does_not_name_is_judged_by_the_new_one()
    {
        await BranchOffAsync();
        await TestRepository.CommitAsync(_root, "baselines/policy.json", Policy()
            .Replace("1.15", "1.19", StringComparison.Ordinal)
            .Replace(FirstMetric, $"{NewMetric}, {FirstMetric}", StringComparison.Ordinal)
            .Replace("\"rules\": {", $"{NewRule},", StringComparison.Ordinal));
        var criteria = await Criteria.LoadAsync(new Workspace(_root, "main"), Scenario);
        Assert.Equal((1.1, 1.15), (criteria.Policy.RuleFor("startup.64.cold")!.Tolerance, criteria.Policy.RuleFor(Metric)!.Tolerance));
    }

    [Fact]
    public async Task A_removed_baseline_still_counts_and_a_note_says_so()
    {
        await BranchOffAsync();
        File.Delete(Path.Combine(_root, "baselines", $"{Scenario}.verified.json"));
        var criteria = await Criteria.LoadAsync(new Workspace(_root, "main"), Scenario);
        Assert.Equal((OldPin, 1.1), (criteria.Baseline!.Pin, criteria.Baseline.Metrics[Metric].Ratio));
        Assert.Contains("was removed in this pull request", Assert.Single(criteria.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("as it was", GateOutcome.Broken)]
    [InlineData("it measured nothing of use", GateOutcome.Passed)]
    public async Task A_metric_that_the_pull_request_removes_is_missed_unless_its_baseline_says_why(string reason, GateOutcome outcome)
    {
        await BranchOffAsync();
        var baseline = Baseline.Empty(Scenario, OldPin) with { Reason = reason };
        await TestRepository.CommitAsync(_root, $"baselines/{Scenario}.verified.json", baseline.ToText());
        var criteria = await Criteria.LoadAsync(new Workspace(_root, "main"), Scenario);
        var others = Synthetic.Session(Synthetic.Metric("startup.other", 0, rounds: 40)) with { Pin = OldPin };
        Assert.Equal(outcome, criteria.Judge(others).Outcome);
    }

    [Fact]
    public async Task A_pull_request_that_removes_a_scenario_is_refused()
    {
        await BranchOffAsync();
        await AcceptedNames.RequireNoneRemovedAsync(new Workspace(_root, "main"));
        await TestRepository.CommitAsync(_root, "baselines/Warmup.verified.json", "{}");
        await TestRepository.GitAsync(_root, "update-ref", "refs/remotes/origin/main", "HEAD");
        await TestRepository.GitAsync(_root, "rm", "--quiet", "baselines/Warmup.verified.json");
        await TestRepository.GitAsync(_root, "commit", "-qm", "no more");
        await AcceptedNames.RequireNoneRemovedAsync(new Workspace(_root, pullRequestTo: null));
        var refused = await Assert.ThrowsAsync<UnreadableFileException>(
            () => AcceptedNames.RequireNoneRemovedAsync(new Workspace(_root, "main")));
        Assert.Contains("this pull request has no scenario 'Warmup'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("baselines/policy.json")]
    [InlineData("baselines/Startup.verified.json")]
    public async Task A_pull_request_that_brings_the_first_policy_or_baseline_is_judged_by_it_and_a_note_says_so(string path)
    {
        await BranchOffAsync();
        var content = await File.ReadAllTextAsync(Path.Combine(_root, path));
        File.Delete(Path.Combine(_root, path));
        await TestRepository.GitAsync(_root, "commit", "-qam", "before the first");
        await TestRepository.GitAsync(_root, "update-ref", "refs/remotes/origin/main", "HEAD");
        await TestRepository.CommitAsync(_root, path, content);
        var criteria = await Criteria.LoadAsync(new Workspace(_root, "main"), Scenario);
        Assert.Equal(1.1, criteria.Baseline!.Metrics[Metric].Ratio);
        Assert.Contains($"{path} is new in this pull request", Assert.Single(criteria.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task If_the_format_has_changed_the_new_file_counts_and_a_note_says_so()
    {
        var older = Policy().Replace("\"schema\": 2", "\"schema\": 1", StringComparison.Ordinal);
        await TestRepository.CommitAsync(_root, "baselines/policy.json", older);
        await TestRepository.GitAsync(_root, "update-ref", "refs/remotes/origin/main", "HEAD");
        await TestRepository.CommitAsync(_root, "baselines/policy.json", Policy());
        await BaselineAsync(OldPin, 1.1, "as it is");
        var criteria = await Criteria.LoadAsync(new Workspace(_root, "main"), Scenario);
        Assert.Equal(1.1, criteria.Baseline!.Metrics[Metric].Ratio);
        Assert.Contains(criteria.Notes, note => note.Contains("cannot be read any more", StringComparison.Ordinal));
    }

    /// <summary>Creates a main branch that has a policy and a baseline, and then a branch that starts from it.</summary>
    private async Task BranchOffAsync()
    {
        await TestRepository.CommitAsync(_root, "baselines/policy.json", Policy());
        await BaselineAsync(OldPin, 1.1, "as it was");
        await TestRepository.GitAsync(_root, "update-ref", "refs/remotes/origin/main", "HEAD");
        await TestRepository.GitAsync(_root, "checkout", "--quiet", "-b", "change");
    }

    private Task<string> BaselineAsync(string pin, double ratio, string reason, int rounds = 40)
    {
        var baseline = Baseline.Empty(Scenario, pin);
        var accepted = new AcceptedRatio("ms", Worse.Higher, ratio, [ratio, ratio], rounds, rounds < 40 ? 1 : 2);
        baseline = baseline with { Reason = reason, Metrics = baseline.Metrics.Add(Metric, accepted) };
        return TestRepository.CommitAsync(_root, $"baselines/{Scenario}.verified.json", baseline.ToText());
    }

    private static string Policy() => File.ReadAllText(Path.Combine(Workspace.Current.BaselineDirectory, "policy.json"));
}
