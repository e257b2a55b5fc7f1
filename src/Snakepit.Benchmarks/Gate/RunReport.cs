using Snakepit.Benchmarks.Profiling;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Reports.Markdown;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>Writes the report of a run as Markdown.</summary>
internal static class RunReport
{
    /// <summary>
    /// Returns the report on all scenarios and studies of a run, with earlier figures from <c>history.json</c> beside them.
    /// </summary>
    public static string Markdown(Workspace workspace, RunResult run, IReadOnlyList<ScenarioRun> measured, IReadOnlyList<StudyRun> studies)
    {
        var history = workspace.LoadHistory();
        var scenarioParts = measured.Select(one => MarkdownReport.Of(one.Verdict, ReportRow.Of(one.Verdict, history)) + WhyPart(one.Why));
        return Heading(run, measured) + string.Join("\n", [.. scenarioParts, .. studies.Select(study => study.ToMarkdown())]);
    }

    private static string WhyPart(Explanation? why) =>
        why is null ? "" : $"```text\n{string.Join('\n', ExplanationText.LinesOf(why))}\n```\n\n";

    private static string Heading(RunResult run, IReadOnlyList<ScenarioRun> measured)
    {
        if (measured is not [var first, ..])
        {
            return MarkdownReport.Title(run, "studies");
        }

        var summary = RunSummary.Of([.. measured.Select(one => one.Verdict)]);
        return MarkdownReport.Heading(run, summary, first.Criteria.Policy, measured.SelectMany(one => one.Notes).Distinct());
    }
}
