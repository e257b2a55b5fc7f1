using System.Collections.Immutable;
using System.Globalization;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Reports;

/// <summary>One row of the table of a study, as text: a claim and the verdict of the measured rounds on it.</summary>
/// <param name="Verdict">The verdict on the claim.</param>
public sealed record ClaimRow(ClaimVerdict Verdict)
{
    /// <summary>The headers of the columns.</summary>
    public static ImmutableArray<string> Headers { get; } =
        ["what", "measured", "beside", "unit", "times better", "bounds", "wanted", "verdict"];

    /// <summary>The cells, in the order of <see cref="Headers"/>.</summary>
    public ImmutableArray<string> Cells =>
    [
        Verdict.Claim.What,
        MedianOf(Verdict.Metric),
        Reference,
        Verdict.Metric.Unit,
        Verdict.Factor is { } factor ? Times(factor.Value) : "",
        Verdict.Factor is { } bounded ? $"[{Times(bounded.Lower)}, {Times(bounded.Upper)}]" : "",
        Verdict.Claim.AtLeast is { } least ? $"≥ {least.ToString("0.##", CultureInfo.InvariantCulture)}" : "",
        Outcome,
    ];

    private string Reference => Verdict.Other is { } other ? MedianOf(other)
        : Verdict.Claim.Limit is { } limit ? $"limit {ShortNumber.Format(limit)}"
        : "";

    private string Outcome => Verdict.Outcome switch
    {
        ClaimOutcome.NotClaimed when Verdict.Factor!.Lower > 0 => "better",
        ClaimOutcome.NotClaimed when Verdict.Factor!.Upper < 0 => "worse",
        ClaimOutcome.NotClaimed => "no difference seen",
        ClaimOutcome.Holds => "holds",
        ClaimOutcome.Fails => "FAILS",
        ClaimOutcome.Undecided => "undecided",
        _ => "not measured",
    };

    private static string MedianOf(MetricResult metric) => metric.Candidate.IsEmpty ? "" : ShortNumber.Format(metric.Sample.Median);

    private static string Times(double logarithm) => double.IsFinite(logarithm) ? ShortNumber.Format(Math.Exp(logarithm))
        : logarithm > 0 ? "∞"
        : "0";
}
