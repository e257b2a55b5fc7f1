using System.Collections.Immutable;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;

namespace Snakepit.Measurement.Comparison;

/// <summary>The verdicts on all metrics of a session.</summary>
/// <param name="Result">The session.</param>
/// <param name="Metrics">The verdicts, in the order of the metrics of the session.</param>
public sealed record ScenarioVerdict(ScenarioResult Result, ImmutableArray<MetricVerdict> Metrics)
{
    /// <summary>The outcome of the session.</summary>
    public GateOutcome Outcome => WorstOf(Metrics);

    /// <summary>
    /// The outcome apart from suspects: regressions that another job has still to confirm. Where that is done, this job fails only for
    /// other reasons.
    /// </summary>
    public GateOutcome OutcomeWithoutSuspects => WorstOf(Metrics.Where(metric => !metric.IsSuspect));

    /// <summary>Why the measurement cannot be trusted; empty if it can.</summary>
    public IReadOnlyList<string> Problems =>
        [.. WithOutcome(MetricOutcome.Broken).Select(metric => metric.Problem).Prepend(Result.Failure).OfType<string>()];

    /// <summary>The metrics that got worse, so that the session does not pass: changed counts first, then the largest change.</summary>
    public IReadOnlyList<MetricVerdict> Regressed =>
        [.. MetricVerdict.WorstFirst(Metrics.Where(metric => OutcomeOf(metric) == GateOutcome.Regressed))];

    /// <summary>The metrics with that outcome.</summary>
    public IEnumerable<MetricVerdict> WithOutcome(MetricOutcome outcome) => Metrics.Where(metric => metric.Outcome == outcome);

    /// <summary>The metrics whose limit that must be met has that outcome.</summary>
    public IEnumerable<MetricVerdict> WithTarget(TargetOutcome outcome) => Metrics.Where(metric => metric.Target?.Outcome == outcome);

    /// <summary>Judges a session. A pure function of its arguments.</summary>
    /// <param name="result">The session.</param>
    /// <param name="baseline">What was accepted; null if nothing has been.</param>
    /// <param name="policy">How metrics are judged.</param>
    public static ScenarioVerdict Of(ScenarioResult result, Baseline? baseline, Policy policy)
    {
        if (result.Failure is not null)
        {
            return new ScenarioVerdict(result, []);
        }

        var judge = new MetricJudge(result, baseline, policy);
        var missing = (baseline?.Keys ?? []).Where(key => result.Find(key) is null);
        return new ScenarioVerdict(result, [.. result.Metrics.Select(judge.Judge), .. missing.Select(judge.NotMeasured)]);
    }

    /// <summary>
    /// The thresholds for the ratio of a metric, which allow for the uncertainty of the accepted ratio; null if its ratio is not judged.
    /// </summary>
    public static RatioRule? RuleFor(string metric, Baseline? baseline, Policy policy) =>
        baseline?.Metrics.GetValueOrDefault(metric) is { } accepted
            ? policy.RuleFor(metric)?.WithBaselineError(accepted.StandardError, accepted.Sessions)
            : policy.RuleFor(metric);

    // A session without any metric is broken, and not passed: otherwise a suite that measures nothing would be green.
    private GateOutcome WorstOf(IEnumerable<MetricVerdict> metrics) =>
        Metrics.IsEmpty ? GateOutcome.Broken : metrics.Select(OutcomeOf).DefaultIfEmpty(GateOutcome.Passed).Max();

    private static GateOutcome OutcomeOf(MetricVerdict metric) => metric.Outcome switch
    {
        MetricOutcome.Broken => GateOutcome.Broken,
        MetricOutcome.Regressed or MetricOutcome.CountChanged => GateOutcome.Regressed,
        MetricOutcome.NotComparable => GateOutcome.NotComparable,
        MetricOutcome.Inconclusive => GateOutcome.Inconclusive,
        _ => GateOutcome.Passed,
    };
}
