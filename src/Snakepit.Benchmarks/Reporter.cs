using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks;

/// <summary>Runs as reports, with what the repository knows beside the numbers.</summary>
internal static class Reporter
{
    /// <summary>The rows of one scenario of a run.</summary>
    public static IReadOnlyList<ReportRow> Rows(Workspace workspace, ScenarioResult result, MachineProfile machine) =>
        ReportRow.Of(result, machine, workspace.LoadPolicy(), workspace.LoadHistory(), workspace.LoadBaseline(result.Scenario));

    /// <summary>The whole run as Markdown.</summary>
    public static string Markdown(Workspace workspace, RunResult run) =>
        MarkdownReport.Heading(run) + "\n"
        + string.Join("\n", run.Scenarios.Select(result => MarkdownReport.Of(result, Rows(workspace, result, run.Machine))));
}
