using System.Globalization;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Reports;

/// <summary>One row of the table of a scenario, as text: the verdict on one metric.</summary>
/// <param name="Verdict">The verdict on the metric.</param>
/// <param name="History">The figures of earlier versions of Snakepit for this metric.</param>
public sealed record ReportRow(MetricVerdict Verdict, IReadOnlyList<(string Name, double Value)> History)
{
    /// <summary>Returns the rows of a scenario, one per metric.</summary>
    public static IReadOnlyList<ReportRow> Of(ScenarioVerdict verdict, History history) =>
        [.. verdict.Metrics.Select(metric => new ReportRow(metric, [.. history.Of(metric.Key)]))];

    /// <summary>Returns true if the metric is judged or has a limit, and so belongs into the main table.</summary>
    public bool IsJudged => Verdict.Outcome != MetricOutcome.Informative || Verdict.Policy is not { Must: null, Nice: null };

    /// <summary>The outcome for the metric in a word or two; empty for a metric that is not judged.</summary>
    public string Outcome => Verdict.Outcome switch
    {
        MetricOutcome.Informative => "",
        MetricOutcome.Unchanged => "unchanged",
        MetricOutcome.Drifting => "unchanged, drift",
        MetricOutcome.Improved => "improved",
        MetricOutcome.NotConfirmed => "not confirmed",
        MetricOutcome.Regressed => Verdict.Confirmation is null ? "REGRESSED" : "REGRESSED, confirmed",
        MetricOutcome.CountChanged => "COUNT CHANGED",
        MetricOutcome.Inconclusive => "inconclusive",
        MetricOutcome.New => "new",
        MetricOutcome.NotComparable => "not comparable",
        _ => "BROKEN",
    };

    /// <summary>
    /// The change against the accepted ratio in percent, positive if the metric got worse; empty if no change was estimated.
    /// </summary>
    public string Change => Verdict.Change is { } change ? Percent(change.Value) : "";

    /// <summary>The bounds of the change in percent; empty if no change was estimated.</summary>
    public string Bounds => Verdict.Change is { } change ? BoundsOf(change) : "";

    /// <summary>The median of the values of the candidate.</summary>
    public string Candidate => Verdict.Result.CandidateText;

    /// <summary>The median of the values of the pin.</summary>
    public string Pin => Verdict.Result.PinText;

    /// <summary>
    /// The limits of the metric, each with a mark that shows whether it is met. For the limit that must be met, the mark shows the verdict
    /// on the limit. For the limit that would be nice to meet, the mark shows whether the median meets it.
    /// </summary>
    public string Targets => string.Join(", ", new[] { MustText, NiceText }.Where(part => part.Length > 0));

    /// <summary>The figures of earlier versions of Snakepit for this metric.</summary>
    public string HistoryText => string.Join(", ", History.Select(past => $"{past.Name}: {ShortNumber.Format(past.Value)}"));

    private string Sign => Verdict.Result.Worse == Worse.Higher ? "<" : ">";

    private string MustText
    {
        get
        {
            if (Verdict is not { Policy.Must: { } limit, Target: { } target })
            {
                return "";
            }

            var mark = target.Outcome switch
            {
                TargetOutcome.Holds => "✓",
                TargetOutcome.Missed => "✗",
                _ => "?",
            };
            return $"must {Sign} {ShortNumber.Format(limit)} {mark}";
        }
    }

    private string NiceText => Verdict.Policy.Nice is { } limit && !Verdict.Result.Candidate.IsDefaultOrEmpty && Verdict.Result.IsFinite
        ? $"nice {Sign} {ShortNumber.Format(limit)} {(Verdict.Result.Metric.IsBeyond(Verdict.Result.Sample.Median, limit) ? "✗" : "✓")}"
        : "";

    /// <summary>Formats the logarithm of a ratio as a percentage with its sign.</summary>
    public static string Percent(double logarithm) => double.IsFinite(logarithm)
        ? ((Math.Exp(logarithm) - 1) * 100).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture) + " %"
        : logarithm > 0 ? "∞" : "−∞";

    /// <summary>Formats the bounds of an estimated logarithm as percentages.</summary>
    public static string BoundsOf(Estimate estimate) => $"[{Percent(estimate.Lower)}, {Percent(estimate.Upper)}]";
}
