using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Comparison;

/// <summary>What became of one metric.</summary>
public enum MetricOutcome
{
    /// <summary>Nothing is judged: information.</summary>
    Informative,

    /// <summary>Its ratio, or its count, is the accepted one as far as can be told.</summary>
    Unchanged,

    /// <summary>As <see cref="Unchanged"/>, but the estimate has moved so far that it is worth a look.</summary>
    Drifting,

    /// <summary>Certainly better than accepted.</summary>
    Improved,

    /// <summary>Found regressed, and a second session did not agree.</summary>
    NotConfirmed,

    /// <summary>Found regressed, and either confirmed by a second session or not asked for one yet.</summary>
    Regressed,

    /// <summary>A count differs from the accepted one.</summary>
    CountChanged,

    /// <summary>The last look gave no verdict, or time was up before it.</summary>
    Inconclusive,

    /// <summary>There is no accepted ratio yet.</summary>
    New,

    /// <summary>The pinned revision was not measured, or its host is older than the metric, so that there is no ratio.</summary>
    NotComparable,

    /// <summary>It should have been measured in every round and on both sides and was not, or is not what was accepted.</summary>
    Broken,
}

/// <summary>One metric with everything that is said of it.</summary>
/// <param name="Result">What was measured.</param>
/// <param name="Policy">What is asked of it.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Accepted">The accepted ratio; 1 if there is none.</param>
/// <param name="First">The judgement of the session, if the ratio is judged.</param>
/// <param name="Second">The judgement of the confirming session, if there was one.</param>
/// <param name="Must">The verdict on its must-not-regress target, if it has one.</param>
/// <param name="Problem">What is wrong, for <see cref="MetricOutcome.Broken"/> and <see cref="MetricOutcome.CountChanged"/>.</param>
public sealed record MetricVerdict(
    MetricResult Result,
    MetricPolicy Policy,
    MetricOutcome Outcome,
    double Accepted = 1,
    Judgement? First = null,
    Judgement? Second = null,
    TargetVerdict? Must = null,
    string? Problem = null)
{
    /// <summary>The metric's name.</summary>
    public string Key => Result.Key;

    /// <summary>The first session's estimate of the change against what was accepted.</summary>
    public Estimate? Change => First?.Estimate;

    /// <summary>The session's own ratio to the pin; null if the ratio is not judged, or not yet.</summary>
    public double? MeasuredRatio => Change is { } change ? Accepted * Math.Exp(Result.Worse == Samples.Worse.Higher ? change.Value : -change.Value) : null;

    /// <summary>True if a second session should be asked.</summary>
    public bool IsSuspect => Outcome == MetricOutcome.Regressed && Second is null;

    /// <summary>Those that got worse most come first, and changed counts before all ratios.</summary>
    public static IEnumerable<MetricVerdict> WorstFirst(IEnumerable<MetricVerdict> metrics) => metrics
        .OrderByDescending(metric => metric.Outcome == MetricOutcome.CountChanged)
        .ThenByDescending(metric => metric.Change?.Value ?? 0);
}
