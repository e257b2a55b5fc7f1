using System.Globalization;
using System.Text;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Runs;

namespace Snakepit.Measurement.Reports.Markdown;

/// <summary>A study as Markdown.</summary>
public static class MarkdownStudy
{
    /// <summary>A study as Markdown.</summary>
    /// <param name="result">What was measured.</param>
    /// <param name="verdicts">Its claims.</param>
    /// <param name="remarks">What a reader must know to read the figures right.</param>
    /// <param name="level">The largest probability that a bound errs, on either side.</param>
    public static string Of(ScenarioResult result, IEnumerable<ClaimVerdict> verdicts, IEnumerable<string> remarks, double level)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"### {result.Scenario}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", ClaimRow.Heads)} |\n| {string.Join(" | ", ClaimRow.Heads.Select((_, column) => column is 1 or 2 or 4 ? "---:" : "---"))} |\n");
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
}
