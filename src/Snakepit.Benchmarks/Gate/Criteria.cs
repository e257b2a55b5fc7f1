using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Gate;

/// <summary>What a scenario is judged by.</summary>
/// <param name="Policy">Rules and targets.</param>
/// <param name="Baseline">Accepted ratios; null if there are none yet.</param>
/// <param name="Notes">What a reader of the verdict should know about both.</param>
internal sealed record Criteria(Policy Policy, Baseline? Baseline, IReadOnlyList<string> Notes)
{
    /// <summary>
    /// What a scenario is judged by now. In a pull request, the policy and the pin are those of the commit at which it branched off, so
    /// that no change can approve itself unseen.
    /// </summary>
    /// <exception cref="UnreadableFileException">The policy or the baseline cannot be read.</exception>
    /// <exception cref="NotComparableException">The clone does not have the commit at which the pull request branched off.</exception>
    public static async Task<Criteria> LoadAsync(Workspace workspace, string scenario)
    {
        var own = new Criteria(workspace.LoadPolicy(), workspace.LoadBaseline(scenario), []);
        return workspace.PullRequestTo is { } branch ? await PullRequestCriteria.ApplyAsync(own, workspace, scenario, branch) : own;
    }

    /// <summary>
    /// The same for rounds that were measured against that pin. The baseline's ratios do not hold for another pin than its own: then every
    /// accepted ratio is 1, as if the pin itself had been accepted.
    /// </summary>
    public Criteria For(string? pin, string scenario, IEnumerable<Metric> metrics) => pin is null || pin == Baseline?.Pin
        ? this
        : this with { Baseline = Snakepit.Measurement.Baselines.Baseline.AcceptingPin(scenario, metrics, pin, Policy, Baseline) };

    /// <summary>The verdicts on what was measured.</summary>
    public ScenarioVerdict Judge(ScenarioResult result) => ScenarioVerdict.Of(result, Baseline, Policy);

    /// <summary>The metrics whose regression a second session has to confirm.</summary>
    public IReadOnlyList<string> SuspectsOf(ScenarioResult result) =>
        [.. Judge(result).Metrics.Where(metric => metric.IsSuspect).Select(metric => metric.Key)];

    /// <summary>The metrics that need more rounds.</summary>
    public IReadOnlySet<string> UndecidedOf(ScenarioResult result) =>
        Judge(result).WithOutcome(MetricOutcome.Inconclusive).Select(metric => metric.Key).ToHashSet();

    /// <summary>Whether more rounds of a second session would not change whether it confirms the regression of a metric.</summary>
    public bool IsConfirmationFinal(ScenarioResult second, string metric)
    {
        var rounds = second[metric].LogRatios(Baseline!.Metrics[metric].Ratio);
        return SequentialTest.Confirm(rounds, ScenarioVerdict.RuleFor(metric, Baseline, Policy)!, Policy.InterimLooks).IsFinal;
    }
}
