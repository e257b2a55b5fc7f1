using System.Globalization;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Reports;

/// <summary>One row of a report: a metric's verdict in words and figures.</summary>
/// <param name="Verdict">What is said of the metric.</param>
/// <param name="History">Figures from the past.</param>
public sealed record ReportRow(MetricVerdict Verdict, IReadOnlyList<(string Name, double Value)> History)
{
    /// <summary>The rows of a scenario.</summary>
    public static IReadOnlyList<ReportRow> Of(ScenarioVerdict verdict, History history) =>
        [.. verdict.Metrics.Select(metric => new ReportRow(metric, [.. history.Of(metric.Key)]))];

    /// <summary>True if the row shows more than numbers: a verdict or a target.</summary>
    public bool IsJudged => Verdict.Outcome != MetricOutcome.Informative || Verdict.Policy is not { Must: null, Nice: null };

    /// <summary>The outcome in a word or two; empty for information.</summary>
    public string Outcome => Verdict.Outcome switch
    {
        MetricOutcome.Informative => "",
        MetricOutcome.Unchanged => "unchanged",
        MetricOutcome.Drifting => "unchanged, drift",
        MetricOutcome.Improved => "improved",
        MetricOutcome.NotConfirmed => "not confirmed",
        MetricOutcome.Regressed => Verdict.Second is null ? "REGRESSED" : "REGRESSED, confirmed",
        MetricOutcome.CountChanged => "COUNT CHANGED",
        MetricOutcome.Inconclusive => "inconclusive",
        MetricOutcome.New => "new",
        MetricOutcome.NotComparable => "not comparable",
        _ => "BROKEN",
    };

    /// <summary>By how much it is worse than accepted; empty if that is not judged.</summary>
    public string Change => Verdict.Change is { } change ? Percent(change.Value) : "";

    /// <summary>The bounds of the change.</summary>
    public string Bounds => Verdict.Change is { } change ? BoundsOf(change) : "";

    /// <summary>The candidate's median.</summary>
    public string Candidate => Verdict.Result.Candidate.IsDefaultOrEmpty ? "–" : Figure.Of(Verdict.Result.Sample.Median);

    /// <summary>The pin's median.</summary>
    public string Pin => Verdict.Result.Pin.IsDefaultOrEmpty ? "–" : Figure.Of(new Sample(Verdict.Result.Pin).Median);

    /// <summary>The targets and whether they are met: the must by its verdict, the nice to have by the median.</summary>
    public string Targets
    {
        get
        {
            var sign = Verdict.Result.Worse == Worse.Higher ? "<" : ">";
            var must = Verdict is { Policy.Must: { } limit, Must: { } found }
                ? $"must {sign} {Figure.Of(limit)} {(found.Outcome == TargetOutcome.Holds ? "✓" : found.Outcome == TargetOutcome.Missed ? "✗" : "?")}"
                : "";
            var nice = Verdict.Policy.Nice is { } wish && !Verdict.Result.Candidate.IsDefaultOrEmpty
                ? $"nice {sign} {Figure.Of(wish)} {(Verdict.Result.Metric.IsBeyond(Verdict.Result.Sample.Median, wish) ? "✗" : "✓")}"
                : "";
            return string.Join(", ", new[] { must, nice }.Where(part => part.Length > 0));
        }
    }

    /// <summary>Figures from the past.</summary>
    public string Past => string.Join(", ", History.Select(past => $"{past.Name}: {Figure.Of(past.Value)}"));

    /// <summary>A logarithm of a ratio as a percentage with its sign; more is worse.</summary>
    public static string Percent(double logarithm) => double.IsFinite(logarithm)
        ? ((Math.Exp(logarithm) - 1) * 100).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture) + " %"
        : logarithm > 0 ? "∞" : "−∞";

    /// <summary>The bounds of an estimate as percentages.</summary>
    public static string BoundsOf(Estimate estimate) => $"[{Percent(estimate.Lower)}, {Percent(estimate.Upper)}]";
}
