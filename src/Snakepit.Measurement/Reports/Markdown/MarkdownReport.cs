using System.Globalization;
using System.Text;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;

namespace Snakepit.Measurement.Reports.Markdown;

/// <summary>
/// Formats the report of a run as Markdown, for <c>report.md</c> in the folder of the run and for the job summaries of GitHub Actions.
/// </summary>
public static class MarkdownReport
{
    private const string Power =
        "- a time that is truly 10 % better is reported as improved in one run of eight, one that is 15 % better in four of five\n";

    /// <summary>Returns the head of the report: the outcome, what was measured, where, and by which thresholds it is judged.</summary>
    /// <param name="run">The run.</param>
    /// <param name="summary">The outcome of the run in one line.</param>
    /// <param name="policy">The policy by which the metrics are judged.</param>
    /// <param name="notes">Remarks that a reader should know first, each of them one line.</param>
    public static string Heading(RunResult run, string summary, Policy policy, IEnumerable<string> notes)
    {
        var (looks, text) = (policy.InterimLooks, new StringBuilder(Title(run, summary)));
        foreach (var line in notes.Concat(policy.Rules.Select(rule => $"{rule.Key}: {Explained(rule.Value)}")))
        {
            text.Append(CultureInfo.InvariantCulture, $"- {MarkdownText.OneLine(line)}\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"- metrics are judged after {string.Join(", ", looks.Rounds)} rounds, each time with bounds that err with a probability of ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{looks.LevelPerLook:P3} on each side; a metric that is decided is measured no further\n");
        text.Append("- a change is relative to the accepted ratio to the pin; a positive change is worse\n");
        text.Append(Power).Append('\n');
        return text.ToString();
    }

    /// <summary>Returns the first lines of the head: the outcome, what was measured, and where.</summary>
    /// <param name="run">The run.</param>
    /// <param name="summary">The outcome of the run in one line.</param>
    public static string Title(RunResult run, string summary)
    {
        var commit = $"{(run.Commit.Length == 0 ? "unknown" : run.Commit)}{(run.Dirty ? " with local changes" : "")}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"## Performance: {summary}\n\nRun {run.Id} of commit {commit} on `{run.Machine.Key}`; ")
            + string.Create(CultureInfo.InvariantCulture, $"load average {run.LoadBefore:F2} before, {run.LoadAfter:F2} after.\n\n");
    }

    /// <summary>Returns the section of one scenario.</summary>
    /// <param name="verdict">The verdicts on the scenario.</param>
    /// <param name="rows">The rows of the scenario's table.</param>
    public static string Of(ScenarioVerdict verdict, IReadOnlyList<ReportRow> rows) =>
        $"### {verdict.Result.Scenario}\n\n" + (verdict.Result.Failure is { } failure
            ? $"The measurement was aborted: {MarkdownText.WithoutHtml(failure)}\n\n"
                + $"Seed {verdict.Result.Seed}; pin {verdict.Result.Pin ?? "none"}.\n\n"
            : MarkdownTables.Judged(rows) + MarkdownRemarks.Of(verdict) + MarkdownTables.MoreFigures(rows));

    private static string Explained(RatioRule rule) => string.Create(
        CultureInfo.InvariantCulture,
        $"regressed if certainly worse by more than {rule.Negligible - 1:P0} and estimated at {rule.Tolerance - 1:P0} or more; ")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"improved if certainly better by more than {1 - rule.Improvement:P0}; ")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"unchanged if certainly not worse by {rule.MustDetect - 1:P0}; standard deviation between jobs {rule.BetweenJobSd:P1}");
}
