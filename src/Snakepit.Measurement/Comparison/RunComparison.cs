using System.Collections.Immutable;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Comparison;

/// <summary>One metric in two runs, by its ratios to the same pin.</summary>
/// <param name="Before">In the earlier run.</param>
/// <param name="After">In the later one.</param>
/// <param name="Change">ln of after to before, signed so that more is worse; null for a count.</param>
/// <param name="Verdict">What it amounts to.</param>
public sealed record MetricComparison(MetricResult Before, MetricResult After, Estimate? Change, Verdict Verdict);

/// <summary>Two runs beside each other.</summary>
/// <param name="Metrics">The metrics that are judged.</param>
/// <param name="Lacking">Scenarios, and judged metrics of the others, that one of the runs does not have, or did not measure in full.</param>
public sealed record RunComparison(ImmutableArray<MetricComparison> Metrics, ImmutableArray<string> Lacking)
{
    /// <summary>What it amounts to: the gravest of the metrics; inconclusive if there is something that cannot be compared.</summary>
    public Verdict Verdict => Metrics.Any(metric => metric.Verdict == Verdict.Regressed) ? Verdict.Regressed
        : Metrics.IsEmpty || !Lacking.IsEmpty || Metrics.Any(metric => metric.Verdict == Verdict.Inconclusive) ? Verdict.Inconclusive
        : Metrics.Any(metric => metric.Verdict == Verdict.Improved) ? Verdict.Improved
        : Verdict.Unchanged;

    /// <summary>Compares two runs. Each is a job of its own, so the spread between jobs counts twice. Pure.</summary>
    /// <param name="before">The earlier run.</param>
    /// <param name="after">The later one, with the same pins.</param>
    /// <param name="policy">What is judged, and by which rules.</param>
    /// <exception cref="ArgumentException">A scenario was measured against different pins, or against none.</exception>
    public static RunComparison Of(RunResult before, RunResult after, Policy policy)
    {
        var (metrics, lacking) = (ImmutableArray.CreateBuilder<MetricComparison>(), ImmutableArray.CreateBuilder<string>());
        foreach (var name in before.Scenarios.Concat(after.Scenarios).Select(scenario => scenario.Scenario).Distinct())
        {
            var (earlier, later) = (Find(before, name), Find(after, name));
            if (earlier is not { Failure: null } || later is not { Failure: null })
            {
                lacking.Add(name);
                continue;
            }

            if (earlier.Pin is null || earlier.Pin != later.Pin)
            {
                throw new ArgumentException($"{name} was measured against the pin {earlier.Pin ?? "none"} before and {later.Pin ?? "none"} after");
            }

            foreach (var key in earlier.Metrics.Concat(later.Metrics).Select(metric => metric.Key).Distinct().Where(key => policy.Of(key).Rule is not null))
            {
                if (earlier.Find(key) is { IsComparable: true } old && later.Find(key) is { IsComparable: true } now)
                {
                    metrics.Add(Judged(old, now, policy));
                }
                else
                {
                    lacking.Add(key);
                }
            }
        }

        return new RunComparison(metrics.ToImmutable(), lacking.ToImmutable());
    }

    private static ScenarioResult? Find(RunResult run, string scenario) => run.Scenarios.FirstOrDefault(result => result.Scenario == scenario);

    private static MetricComparison Judged(MetricResult before, MetricResult after, Policy policy)
    {
        if (policy.RuleOf(before.Key) is not { } rule)
        {
            var isSame = before.Candidate.Concat(after.Candidate).Distinct().Count() == 1;
            return new MetricComparison(before, after, Change: null, isSame ? Verdict.Unchanged : Verdict.Regressed);
        }

        var change = Estimate.Of(after.Differences(accepted: 1), policy.Looks.LevelOfOne).Widened(rule.Tau)
            .Plus(Estimate.Of(before.Differences(accepted: 1), policy.Looks.LevelOfOne).Widened(rule.Tau), sign: -1);
        return new MetricComparison(before, after, change, (rule with { Tau = 0 }).Judge(change));
    }
}
