using System.Collections.Immutable;
using System.Globalization;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Reports;

/// <summary>A claim as a row of a study's table.</summary>
/// <param name="Verdict">The claim and what became of it.</param>
public sealed record ClaimRow(ClaimVerdict Verdict)
{
    /// <summary>The heads of the columns.</summary>
    public static ImmutableArray<string> Heads { get; } = ["what", "measured", "beside", "unit", "times better", "bounds", "wanted", "verdict"];

    /// <summary>The cells.</summary>
    public ImmutableArray<string> Cells =>
    [
        Verdict.Claim.What,
        MedianOf(Verdict.Metric),
        Verdict.Other is { } other ? MedianOf(other) : Verdict.Claim.Limit is { } limit ? $"limit {Figure.Of(limit)}" : "",
        Verdict.Metric.Unit,
        Verdict.Factor is { } factor ? Times(factor.Value) : "",
        Verdict.Factor is { } bounded ? $"[{Times(bounded.Lower)}, {Times(bounded.Upper)}]" : "",
        Verdict.Claim.AtLeast is { } least ? $"≥ {least.ToString("0.##", CultureInfo.InvariantCulture)}" : "",
        Outcome,
    ];

    private string Outcome => Verdict.Outcome switch
    {
        ClaimOutcome.Told when Verdict.Factor!.Lower > 0 => "better",
        ClaimOutcome.Told when Verdict.Factor!.Upper < 0 => "worse",
        ClaimOutcome.Told => "no difference seen",
        ClaimOutcome.Holds => "holds",
        ClaimOutcome.Fails => "FAILS",
        ClaimOutcome.Undecided => "undecided",
        _ => "not measured",
    };

    private static string MedianOf(MetricResult metric) => metric.Candidate.IsEmpty ? "" : Figure.Of(metric.Sample.Median);

    private static string Times(double logarithm) => double.IsFinite(logarithm) ? Figure.Of(Math.Exp(logarithm)) : logarithm > 0 ? "∞" : "0";
}
