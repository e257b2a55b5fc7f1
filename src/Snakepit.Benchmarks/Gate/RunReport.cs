using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Reports.Markdown;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>The report of a run as Markdown.</summary>
internal static class RunReport
{
    /// <summary>All scenarios and studies of a run, with the figures of the past beside them.</summary>
    public static string Markdown(Workspace workspace, RunResult run, IReadOnlyList<ScenarioRun> measured, IReadOnlyList<StudyRun> studies)
    {
        var history = workspace.LoadHistory();
        var scenarioParts = measured.Select(one => MarkdownReport.Of(one.Verdict, ReportRow.Of(one.Verdict, history)));
        return Heading(run, measured) + string.Join("\n", [.. scenarioParts, .. studies.Select(study => study.ToMarkdown())]);
    }

    /// <summary>Writes the report to a file, and adds it to the summary of the job in GitHub Actions.</summary>
    public static async Task SaveAsync(string path, string report)
    {
        AtomicFile.Write(path, report);
        if (Environment.GetEnvironmentVariable("GITHUB_STEP_SUMMARY") is { Length: > 0 } summary)
        {
            await File.AppendAllTextAsync(summary, report);
        }
    }

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
