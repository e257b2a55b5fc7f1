using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Runs;
using Snakepit.Tests.Functional.Measurement;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests that a scenario that has never had a baseline is told as new and passes, and that one whose baseline was removed does not.
/// </summary>
public sealed class NewScenarios : IDisposable
{
    private const string Scenario = "Startup";
    private const string Metric = "startup.16.cold"; // the policy has a rule for it
    private const string Count = "startup.16.processes";

    private readonly string _root = Directory.CreateTempSubdirectory("snakepit-new-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("main")]
    public async Task A_scenario_that_has_never_had_a_baseline_passes_and_its_metrics_are_new(string? pullRequestTo)
    {
        await CommitPolicyAsync();
        await TestRepository.GitAsync(_root, "update-ref", "refs/remotes/origin/main", "HEAD");
        var criteria = await LoadAsync(pullRequestTo);
        var verdict = criteria.Judge(MeasuredAlone());
        Assert.True(criteria.IsNew);
        Assert.Equal([MetricOutcome.New, MetricOutcome.New], verdict.Metrics.Select(metric => metric.Outcome));
        Assert.Equal(GateOutcome.Passed, verdict.Outcome);
    }

    [Fact]
    public async Task A_new_scenario_that_misses_a_limit_or_fails_does_not_pass()
    {
        await CommitPolicyAsync();
        var criteria = await LoadAsync();
        var slow = MeasuredAlone(milliseconds: 5_000); // the policy asks for less than 1,000
        Assert.Equal(Metric, Assert.Single(criteria.Judge(slow).WithTarget(TargetOutcome.Missed)).Key);
        var failed = new ScenarioResult(Scenario, [], 1, Pin: null, [], Failure: "a chunk was lost");
        Assert.Equal(GateOutcome.Broken, criteria.Judge(failed).Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_scenario_whose_baseline_was_removed_is_not_new(bool committed)
    {
        await CommitPolicyAsync();
        var path = Path.Combine(_root, "baselines", $"{Scenario}.verified.json");
        await TestRepository.CommitAsync(_root, $"baselines/{Scenario}.verified.json", "{}");
        File.Delete(path);
        if (committed)
        {
            await TestRepository.CommitAsync(_root, "other", "");
        }

        await AssertNotComparableAsync();
    }

    [Fact]
    public async Task A_shallow_clone_and_a_folder_without_history_cannot_tell_that_a_scenario_is_new()
    {
        await CommitPolicyAsync();
        var head = await TestRepository.GitAsync(_root, "rev-parse", "HEAD");
        await File.WriteAllTextAsync(Path.Combine(_root, ".git", "shallow"), head);
        await AssertNotComparableAsync();
        Directory.Delete(Path.Combine(_root, ".git"), recursive: true);
        await AssertNotComparableAsync();
    }

    private async Task AssertNotComparableAsync()
    {
        var criteria = await LoadAsync();
        Assert.False(criteria.IsNew);
        Assert.Equal(GateOutcome.NotComparable, criteria.Judge(MeasuredAlone()).Outcome);
    }

    private Task<string> CommitPolicyAsync() => TestRepository.CommitAsync(
        _root, "baselines/policy.json", File.ReadAllText(Path.Combine(Workspace.Current.BaselineDirectory, "policy.json")));

    private Task<Criteria> LoadAsync(string? pullRequestTo = null) => Criteria.LoadAsync(new Workspace(_root, pullRequestTo), Scenario);

    /// <summary>Returns a session that has measured a time and a count of the candidate alone.</summary>
    private static ScenarioResult MeasuredAlone(double milliseconds = 100)
    {
        var session = Synthetic.Session(Synthetic.Metric(Metric, 0, pin: milliseconds), Synthetic.Count(Count, 17));
        return session with { Scenario = Scenario, Pin = null, Metrics = [.. session.Metrics.Select(metric => metric with { Pin = [] })] };
    }
}
