using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Snakepit.Measurement.Comparison;
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

    /// <summary>A study as Markdown.</summary>
    /// <param name="result">What was measured.</param>
    /// <param name="verdicts">Its claims.</param>
    /// <param name="remarks">What a reader must know to read the figures right.</param>
    /// <param name="level">The largest probability that a bound errs, on either side.</param>
    public static string Markdown(ScenarioResult result, IEnumerable<ClaimVerdict> verdicts, IEnumerable<string> remarks, double level)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"### {result.Scenario}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", Heads)} |\n| {string.Join(" | ", Heads.Select((_, column) => column is 1 or 2 or 4 ? "---:" : "---"))} |\n");
        foreach (var verdict in verdicts)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", new ClaimRow(verdict).Cells)} |\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{result.Rounds} rounds, seed {result.Seed}; medians of the rounds, and exact bounds of {1 - (2 * level):P0}.\n");
        foreach (var remark in remarks.Concat(result.Warnings.Select(warning => $"Warning: {warning.Split('\n')[0]}")))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{remark}\n");
        }

        return text.ToString();
    }

    private static string MedianOf(MetricResult metric) => metric.Candidate.IsEmpty ? "" : Figure.Of(metric.Sample.Median);

    private static string Times(double logarithm) => double.IsFinite(logarithm) ? Figure.Of(Math.Exp(logarithm)) : logarithm > 0 ? "∞" : "0";
}
