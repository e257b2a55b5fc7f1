using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Comparison;

/// <summary>The verdict on one metric, with the values and judgements that it is based on.</summary>
/// <param name="Result">The measured values.</param>
/// <param name="Policy">The rule and the limits by which the metric is judged.</param>
/// <param name="Outcome">The outcome for the metric.</param>
/// <param name="Accepted">The accepted ratio; 1 if there is none.</param>
/// <param name="Judgement">The judgement of the first session; null if no ratio is judged.</param>
/// <param name="Confirmation">The judgement of the second session; null if there was none.</param>
/// <param name="Target">The verdict on the limit that must be met; null if there is no such limit.</param>
/// <param name="Problem">
/// What is wrong with the metric, for example if it is <see cref="MetricOutcome.Broken"/>; null if nothing is wrong.
/// </param>
public sealed record MetricVerdict(
    MetricResult Result,
    MetricPolicy Policy,
    MetricOutcome Outcome,
    double Accepted = 1,
    Judgement? Judgement = null,
    Judgement? Confirmation = null,
    TargetVerdict? Target = null,
    string? Problem = null)
{
    /// <summary>The name of the metric.</summary>
    public string Key => Result.Key;

    /// <summary>The logarithm of the change against the accepted ratio, as estimated from the first session; larger is worse.</summary>
    public Estimate? Change => Judgement?.Estimate;

    /// <summary>The measured ratio of candidate to pin; null if no ratio is judged, or there are too few rounds.</summary>
    public double? MeasuredRatio => Change is { } change
        ? Accepted * Math.Exp(Result.Worse == Worse.Higher ? change.Value : -change.Value)
        : null;

    /// <summary>Returns true if the metric is a suspect: it has a regression that a second session has still to confirm.</summary>
    public bool IsSuspect => Outcome == MetricOutcome.Regressed && Confirmation is null;

    /// <summary>Orders metrics for reports: changed counts first, then ratios, the largest change for the worse first.</summary>
    public static IEnumerable<MetricVerdict> WorstFirst(IEnumerable<MetricVerdict> metrics) => metrics
        .OrderByDescending(metric => metric.Outcome == MetricOutcome.CountChanged)
        .ThenByDescending(metric => metric.Change?.Value ?? 0);
}
