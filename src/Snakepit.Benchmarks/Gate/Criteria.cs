using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Gate;

/// <summary>The rules, targets and accepted ratios by which a scenario is judged.</summary>
/// <param name="Policy">The rules for regressions, and the targets that metrics must meet.</param>
/// <param name="Baseline">The accepted ratios of candidate to pin; null if none have been accepted yet.</param>
/// <param name="Notes">Remarks on the policy and the baseline, for the reader of the report.</param>
internal sealed record Criteria(Policy Policy, Baseline? Baseline, IReadOnlyList<string> Notes)
{
    /// <summary>
    /// Loads the criteria for a scenario. In a pull request, the policy and the pin are those of the commit at which the pull request
    /// branched off, so that no change can approve itself unseen.
    /// </summary>
    /// <exception cref="UnreadableFileException">The policy or the baseline cannot be read.</exception>
    /// <exception cref="NotComparableException">The clone does not have the commit at which the pull request branched off.</exception>
    public static async Task<Criteria> LoadAsync(Workspace workspace, string scenario)
    {
        var own = new Criteria(workspace.LoadPolicy(), workspace.LoadBaseline(scenario), []);
        var criteria = workspace.PullRequestTo is { } branch
            ? await PullRequestCriteria.ApplyAsync(own, workspace, scenario, branch)
            : own;
        if (criteria.Baseline is null)
        {
            return criteria with { IsNew = await IsNewAsync(workspace, scenario) };
        }

        return Acceptance.Problem(criteria.Baseline, criteria.Policy) is { } problem
            ? throw new UnreadableFileException(workspace.BaselineSnapshot(scenario).VerifiedPath, problem)
            : criteria;
    }

    /// <summary>
    /// Returns the criteria for rounds that were measured against <paramref name="pin"/>. The ratios of the baseline hold only for the
    /// baseline's own pin. With any other pin, every accepted ratio is 1, as if the revision of that pin had been accepted, and
    /// a note says so.
    /// </summary>
    public Criteria For(string? pin, string scenario, IEnumerable<Metric> metrics) => pin is null || pin == Baseline?.Pin
        ? this
        : this with
        {
            Baseline = Snakepit.Measurement.Baselines.Baseline.AcceptingPin(scenario, metrics, pin, Policy, Baseline),
            Notes = [.. Notes, $"{scenario} is compared with {pin}, which is not the pin of its baseline, and not with what was accepted."],
        };

    /// <summary>
    /// In a pull request, the baseline of the commit at which it branched off, with the same pin; null if there is none. Its ratios and
    /// counts judge what the pull request's own baseline leaves out.
    /// </summary>
    public Baseline? Former { get; init; }

    /// <summary>
    /// True if the scenario has never had a baseline. It is told then, and passes unless it misses a limit. False if its baseline was
    /// removed, so that nobody can switch the gate off by that.
    /// </summary>
    public bool IsNew { get; init; }

    /// <summary>
    /// Divides the metrics of a scenario into those that a run measures and those that it leaves to full runs. A full run leaves out none,
    /// and a new scenario is told with all its metrics.
    /// </summary>
    public (IReadOnlySet<string> Measured, IReadOnlySet<string> LeftOut) Divide(IReadOnlySet<string> keys, bool isFull)
    {
        var leftOut = keys.Where(key => !isFull && !IsNew && Policy.For(key).Full).ToHashSet();
        return (keys.Except(leftOut).ToHashSet(), leftOut);
    }

    /// <summary>Judges every metric of a result.</summary>
    public ScenarioVerdict Judge(ScenarioResult result)
    {
        var verdict = ScenarioVerdict.Of(result, BaselineFor(result), Policy);
        return IsNew && result.Pin is null ? verdict with { Metrics = [.. verdict.Metrics.Select(AsNew)] } : verdict;

        static MetricVerdict AsNew(MetricVerdict metric) =>
            metric.Outcome == MetricOutcome.NotComparable ? metric with { Outcome = MetricOutcome.New } : metric;
    }

    /// <summary>
    /// Returns notes on the metrics that have a rule and no accepted ratio or count, so that they cannot be judged, and on those that were
    /// left to full runs.
    /// </summary>
    public IEnumerable<string> NotesOn(ScenarioVerdict verdict)
    {
        if (Baseline is not null && verdict.WithOutcome(MetricOutcome.New).Select(metric => metric.Key).ToList() is [_, ..] missing)
        {
            var names = string.Join(", ", missing);
            yield return $"Not judged, because the baseline of {verdict.Result.Scenario} does not list them: {names}.";
        }

        if (verdict.Result.LeftOut is [_, ..] leftOut)
        {
            yield return $"Left to full runs ({FullRun.Setting}): {string.Join(", ", leftOut)}.";
        }
    }

    /// <summary>Returns the metrics that regressed in the first session, so that a second session has to confirm them.</summary>
    public IReadOnlyList<string> SuspectsOf(ScenarioResult result) =>
        [.. Judge(result).Metrics.Where(metric => metric.IsSuspect).Select(metric => metric.Key)];

    /// <summary>Returns the metrics that have no verdict yet and need more rounds.</summary>
    public IReadOnlySet<string> UndecidedOf(ScenarioResult result) =>
        Judge(result).WithOutcome(MetricOutcome.Inconclusive).Select(metric => metric.Key).ToHashSet();

    /// <summary>
    /// Returns true if the second session has confirmed or refuted the regression of a metric, so that it needs no more rounds.
    /// </summary>
    public bool IsConfirmationFinal(ScenarioResult second, string metric)
    {
        var baseline = BaselineFor(second)!;
        var rounds = second[metric].LogRatios(baseline.Metrics[metric].Ratio);
        return SequentialTest.Confirm(rounds, ScenarioVerdict.RuleFor(metric, baseline, Policy)!, Policy.InterimLooks).IsFinal;
    }

    /// <summary>
    /// Returns the baseline, with what it leaves out although the former one has it. A metric that was not measured is added too, unless
    /// the baseline has a new reason: a pull request that removes a metric must say why.
    /// </summary>
    private Baseline? BaselineFor(ScenarioResult result) => Baseline is null || Former is null ? Baseline : Baseline with
    {
        Metrics = Baseline.Metrics.AddRange(LeftOut(Former.Metrics, result)),
        Counts = Baseline.Counts.AddRange(LeftOut(Former.Counts, result)),
    };

    private static async Task<bool> IsNewAsync(Workspace workspace, string scenario)
    {
        try
        {
            return await workspace.Git.HasNeverHadAsync($"baselines/{scenario}.verified.json");
        }
        catch (GitException)
        {
            return false; // without a history nobody knows whether there was a baseline
        }
    }

    private IEnumerable<KeyValuePair<string, T>> LeftOut<T>(IEnumerable<KeyValuePair<string, T>> former, ScenarioResult result)
    {
        var known = Baseline!.Keys.ToHashSet();
        return former.Where(entry =>
            !known.Contains(entry.Key) && (result.Find(entry.Key) is not null || Baseline!.Reason == Former!.Reason));
    }
}
