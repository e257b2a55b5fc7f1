using System.Globalization;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Runs;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary>Prints results as tables in the terminal.</summary>
internal static class TerminalReport
{
    /// <summary>Prints the verdicts on a run, with earlier figures from <c>history.json</c> beside them.</summary>
    public static void Write(Workspace workspace, RunResult run, IReadOnlyList<ScenarioVerdict> verdicts)
    {
        var history = workspace.LoadHistory();
        var revision = run.Commit.Length >= 10 ? run.Commit[..10] : "an unknown revision";
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine($"Performance: {RunSummary.Of(verdicts)}");
        AnsiConsole.WriteLine($"Run {run.Id} of {revision}{(run.Dirty ? " with local changes" : "")}");
        AnsiConsole.WriteLine($"{run.Machine.Key}; load average {run.LoadBefore.ToString("F2", CultureInfo.InvariantCulture)}");
        foreach (var verdict in verdicts)
        {
            Write(verdict, history);
        }
    }

    /// <summary>Prints the claims of a study, and whether they hold.</summary>
    public static void Write(StudyRun run)
    {
        var table = NewTable(run.Study.Name, run.Result).AddColumns([.. ClaimRow.Headers]);
        foreach (var claim in run.Claims)
        {
            table.AddRow(new ClaimRow(claim).Cells.Select(cell => new Text(cell)));
        }

        AnsiConsole.Write(table);
        foreach (var remark in run.Study.Remarks)
        {
            AnsiConsole.WriteLine(remark);
        }

        WriteWarnings(run.Result);
    }

    /// <summary>Prints how long each step of a scenario takes, such as the steps of a start, and the sum of all steps.</summary>
    public static void Write(TimeBreakdown breakdown, ScenarioResult result)
    {
        var table = new Table().SimpleBorder().Title($"{breakdown.Title}, medians, ms").AddColumn("step");
        table.AddColumns([.. breakdown.Columns.Select(column => new TableColumn(column).RightAligned())]);
        var sums = new double[breakdown.Columns.Count];
        foreach (var (description, metrics) in breakdown.Steps)
        {
            double[] medians = [.. metrics.Select(metric => result[metric].Sample.Median)];
            sums = [.. sums.Zip(medians, (sum, median) => sum + median)];
            table.AddRow([description, .. medians.Select(Figure)]);
        }

        table.AddRow(["all", .. sums.Select(Figure)]);
        AnsiConsole.Write(table);

        static string Figure(double milliseconds) => milliseconds.ToString("F1", CultureInfo.InvariantCulture);
    }

    private static void Write(ScenarioVerdict verdict, History history)
    {
        if (verdict.Result.Failure is { } failure)
        {
            AnsiConsole.WriteLine($"{verdict.Result.Scenario}: given up: {failure}");
            return;
        }

        var table = NewTable(verdict.Result.Scenario, verdict.Result);
        table.AddColumns("metric", "worse by", "bounds", "candidate", "pin", "unit", "targets", "verdict");
        foreach (var column in table.Columns)
        {
            column.NoWrap().Padding(0, 1);
        }

        foreach (var row in ReportRow.Of(verdict, history))
        {
            var (metric, unit) = (row.Verdict.Key, row.Verdict.Result.Unit);
            string[] cells = [metric, row.Change, row.Bounds, row.Candidate, row.Pin, unit, row.Targets, row.Outcome];
            table.AddRow(cells.Select(cell => new Text(cell)));
        }

        AnsiConsole.Write(table);
        WriteWarnings(verdict.Result);
    }

    private static Table NewTable(string name, ScenarioResult result) =>
        new Table().SimpleBorder().Title($"{name}, {result.Rounds} rounds, seed {result.Seed}");

    private static void WriteWarnings(ScenarioResult result)
    {
        foreach (var warning in result.Warnings)
        {
            AnsiConsole.WriteLine($"warning: {warning}");
        }
    }
}
