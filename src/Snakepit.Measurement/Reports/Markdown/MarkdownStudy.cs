using System.Globalization;
using System.Text;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Runs;

namespace Snakepit.Measurement.Reports.Markdown;

/// <summary>Formats the section of a study in the report as Markdown.</summary>
public static class MarkdownStudy
{
    /// <summary>Returns the table of the claims of a study, and the remarks below the table.</summary>
    /// <param name="result">The measured values.</param>
    /// <param name="verdicts">The verdicts on the claims.</param>
    /// <param name="remarks">Sentences that a reader must know to understand the figures.</param>
    /// <param name="level">The error probability of each bound (one-sided).</param>
    public static string Of(ScenarioResult result, IEnumerable<ClaimVerdict> verdicts, IEnumerable<string> remarks, double level)
    {
        var text = new StringBuilder($"### {result.Scenario}\n\n");
        text.Append(Line(ClaimRow.Headers)).Append(Line(ClaimRow.Headers.Select((_, column) => column is 1 or 2 or 4 ? "---:" : "---")));
        foreach (var verdict in verdicts)
        {
            text.Append(Line(new ClaimRow(verdict).Cells));
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{result.Rounds} rounds, seed {result.Seed}; medians of the rounds, and exact bounds of {1 - (2 * level):P1}.\n");
        foreach (var remark in remarks.Concat(result.Warnings.Select(MarkdownRemarks.Warning)))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{remark}\n");
        }

        return text.ToString();
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";
}
