using System.Collections.Immutable;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;

namespace Snakepit.Measurement.Comparison;

/// <summary>The verdicts on all metrics of a measurement session of one scenario.</summary>
/// <param name="Result">The measured values of the session.</param>
/// <param name="Metrics">The verdicts, in the order of the metrics of the session.</param>
public sealed record ScenarioVerdict(ScenarioResult Result, ImmutableArray<MetricVerdict> Metrics)
{
    /// <summary>The outcome of the session.</summary>
    public GateOutcome Outcome => WorstOf(Metrics);

    /// <summary>
    /// The outcome without the suspects. A suspect is a metric with a regression that a second session has still to confirm. If another job
    /// measures the second session, this job fails only for other reasons.
    /// </summary>
    public GateOutcome OutcomeWithoutSuspects => WorstOf(Metrics.Where(metric => !metric.IsSuspect));

    /// <summary>The reasons why the measurement cannot be trusted; empty if it can.</summary>
    public IReadOnlyList<string> Problems =>
        [.. WithOutcome(MetricOutcome.Broken).Select(metric => metric.Problem).Prepend(Result.Failure).OfType<string>()];

    /// <summary>
    /// The metrics that got worse, so that the session does not pass: changed counts first, then ratios, the largest change first.
    /// </summary>
    public IReadOnlyList<MetricVerdict> Regressed =>
        [.. MetricVerdict.WorstFirst(Metrics.Where(metric => OutcomeOf(metric) == GateOutcome.Regressed))];

    /// <summary>Returns the metrics that have the given outcome.</summary>
    public IEnumerable<MetricVerdict> WithOutcome(MetricOutcome outcome) => Metrics.Where(metric => metric.Outcome == outcome);

    /// <summary>Returns the metrics that have a limit that must be met, and whose verdict on that limit has the given outcome.</summary>
    public IEnumerable<MetricVerdict> WithTarget(TargetOutcome outcome) => Metrics.Where(metric => metric.Target?.Outcome == outcome);

    /// <summary>Judges a measurement session. The result depends only on the arguments.</summary>
    /// <param name="result">The measured values of the session.</param>
    /// <param name="baseline">The accepted baseline; null if nothing has been accepted yet.</param>
    /// <param name="policy">The policy by which the metrics are judged.</param>
    public static ScenarioVerdict Of(ScenarioResult result, Baseline? baseline, Policy policy)
    {
        if (result.Failure is not null)
        {
            return new ScenarioVerdict(result, []);
        }

        var judge = new MetricJudge(result, baseline, policy);
        var missing = (baseline?.Keys ?? []).Where(key => result.Find(key) is null && !result.LeftOut.Contains(key));
        return new ScenarioVerdict(result, [.. result.Metrics.Select(judge.Judge), .. missing.Select(judge.NotMeasured)]);
    }

    /// <summary>
    /// Returns the thresholds for the ratio of a metric, which allow for the uncertainty of the accepted ratio; null if the ratio is not
    /// judged.
    /// </summary>
    public static RatioRule? RuleFor(string metric, Baseline? baseline, Policy policy) =>
        baseline?.Metrics.GetValueOrDefault(metric) is { } accepted
            ? policy.RuleFor(metric)?.WithBaselineError(accepted.StandardError, accepted.Sessions)
            : policy.RuleFor(metric);

    // A session without any metric is broken. If it passed, a suite that measures nothing would succeed.
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
