using System.Collections.Immutable;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Comparison;

/// <summary>One metric in two runs, compared by its ratios to the same pin.</summary>
/// <param name="Before">The values of the metric in the earlier run.</param>
/// <param name="After">The values of the metric in the later run.</param>
/// <param name="Change">The logarithm of the change from the earlier run to the later one; larger is worse. Null for a count.</param>
/// <param name="Verdict">The verdict on the change.</param>
public sealed record MetricComparison(MetricResult Before, MetricResult After, Estimate? Change, Verdict Verdict);

/// <summary>The comparison of two runs of the suite, metric by metric.</summary>
/// <param name="Metrics">The judged metrics that both runs have.</param>
/// <param name="Missing">The names of the scenarios and judged metrics that one of the runs lacks, or did not measure completely.</param>
/// <param name="MissedTargets">A sentence for each limit that the later run misses.</param>
public sealed record RunComparison(
    ImmutableArray<MetricComparison> Metrics, ImmutableArray<string> Missing, ImmutableArray<string> MissedTargets)
{
    /// <summary>
    /// The verdict on the later run: regressed if any metric has regressed or misses its limit; otherwise inconclusive if something could
    /// not be compared.
    /// </summary>
    public Verdict Verdict => Has(Verdict.Regressed) || !MissedTargets.IsEmpty ? Verdict.Regressed
        : Metrics.IsEmpty || !Missing.IsEmpty || Has(Verdict.Inconclusive) ? Verdict.Inconclusive
        : Has(Verdict.Improved) ? Verdict.Improved
        : Verdict.Unchanged;

    /// <summary>Compares two runs. The result depends only on the arguments.</summary>
    /// <param name="before">The earlier run.</param>
    /// <param name="after">The later run, measured against the same pins.</param>
    /// <param name="policy">The policy, which says which metrics are judged, and by which thresholds.</param>
    /// <exception cref="ArgumentException">
    /// A scenario was measured against different pins, or without a pin, or a metric has another unit or another direction.
    /// </exception>
    public static RunComparison Of(RunResult before, RunResult after, Policy policy)
    {
        var (metrics, missing) = (ImmutableArray.CreateBuilder<MetricComparison>(), ImmutableArray.CreateBuilder<string>());
        foreach (var name in before.Scenarios.Concat(after.Scenarios).Select(scenario => scenario.Scenario).Distinct())
        {
            if (Find(before, name) is { Failure: null } earlier && Find(after, name) is { Failure: null } later)
            {
                RequireSamePin(earlier, later);
                Compare(earlier, later, policy, metrics, missing);
            }
            else
            {
                missing.Add(name);
            }
        }

        return new RunComparison(metrics.ToImmutable(), missing.ToImmutable(), [.. MissedBy(after, policy)]);
    }

    private static IEnumerable<string> MissedBy(RunResult run, Policy policy) =>
        from scenario in run.Scenarios
        where scenario.Failure is null
        from metric in scenario.Metrics
        let must = policy.For(metric.Key).Must
        where must is not null && !metric.Candidate.IsDefaultOrEmpty && metric.IsFinite
        let target = TargetVerdict.Of(metric, must.Value, policy.InterimLooks.LevelPerLook)
        where target.Outcome == TargetOutcome.Missed
        select target.Explanation;

    private bool Has(Verdict verdict) => Metrics.Any(metric => metric.Verdict == verdict);

    private static ScenarioResult? Find(RunResult run, string scenario) =>
        run.Scenarios.FirstOrDefault(result => result.Scenario == scenario);

    private static void RequireSamePin(ScenarioResult before, ScenarioResult after)
    {
        if (before.Pin is null || before.Pin != after.Pin)
        {
            throw new ArgumentException(
                $"{before.Scenario} was measured against the pin {before.Pin ?? "none"} before and {after.Pin ?? "none"} after");
        }
    }

    private static void RequireSameMeaning(MetricResult? before, MetricResult? after)
    {
        if (before is not null && after is not null && (before.Worse, before.Unit) != (after.Worse, after.Unit))
        {
            throw new ArgumentException(
                $"{before.Key} was measured in {before.Unit}, where {Wording(before)} is worse, before, "
                + $"and in {after.Unit}, where {Wording(after)} is worse, after");
        }

        static string Wording(MetricResult metric) => metric.Worse == Worse.Higher ? "more" : "less";
    }

    private static void Compare(
        ScenarioResult before,
        ScenarioResult after,
        Policy policy,
        ImmutableArray<MetricComparison>.Builder metrics,
        ImmutableArray<string>.Builder missing)
    {
        // A metric that one of the runs has left to full runs is not missing, but cannot be compared.
        var leftOut = before.LeftOut.Concat(after.LeftOut);
        var keys = before.Metrics.Concat(after.Metrics).Select(metric => metric.Key).Except(leftOut);
        foreach (var key in keys)
        {
            RequireSameMeaning(before.Find(key), after.Find(key));
            if (policy.For(key).Rule is null)
            {
                continue; // it has a limit at most, by which only the later run is judged
            }

            if (before.Find(key) is { IsComparable: true } earlier && after.Find(key) is { IsComparable: true } later)
            {
                metrics.Add(Judged(earlier, later, policy));
            }
            else
            {
                missing.Add(key);
            }
        }
    }

    private static MetricComparison Judged(MetricResult before, MetricResult after, Policy policy)
    {
        if (policy.RuleFor(before.Key) is not { } rule)
        {
            var isSame = before.Candidate.Concat(after.Candidate).Distinct().Count() == 1;
            return new MetricComparison(before, after, Change: null, isSame ? Verdict.Unchanged : Verdict.Regressed);
        }

        // Each run is a job of its own. The spread between jobs therefore widens both estimates, and the rule must not add it again.
        var change = WidenedEstimate(after).Plus(WidenedEstimate(before), sign: -1);
        return new MetricComparison(before, after, change, (rule with { BetweenJobSd = 0 }).Judge(change));

        Estimate WidenedEstimate(MetricResult metric) =>
            Estimate.Of(metric.LogRatios(accepted: 1), policy.InterimLooks.LevelPerLook).Widened(rule.BetweenJobSd);
    }
}
