using System.Globalization;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Runs;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary>Prints results in the terminal.</summary>
internal static class TerminalReport
{
    private const int ShortCommit = 10;

    private static readonly string[] Headers = ["metric", "verdict", "worse by", "bounds", "candidate", "pin", "unit", "targets"];

    /// <summary>Prints the verdicts on a run, with earlier figures from <c>history.json</c> beside them.</summary>
    /// <param name="console">The terminal.</param>
    /// <param name="workspace">The repository, for the earlier figures.</param>
    /// <param name="run">The run.</param>
    /// <param name="verdicts">The verdicts on the scenarios of the run.</param>
    /// <param name="notes">Remarks, such as how the two builds differ.</param>
    public static void Write(
        IAnsiConsole console, Workspace workspace, RunResult run, IReadOnlyList<ScenarioVerdict> verdicts, IEnumerable<string> notes)
    {
        var history = workspace.LoadHistory();
        var revision = run.Commit.Length > 0 ? ShortOf(run.Commit) : "an unknown revision";
        console.WriteLine();
        console.WriteLine($"Performance: {RunSummary.Of(verdicts)}");
        console.WriteLine($"Run {run.Id} of {revision}{(run.Dirty ? " with local changes" : "")}");
        console.WriteLine($"{run.Machine.Key}; load average {run.LoadBefore.ToString("F2", CultureInfo.InvariantCulture)}");
        foreach (var note in notes.Distinct())
        {
            console.WriteLine($"note: {note}");
        }

        foreach (var verdict in verdicts)
        {
            Write(console, verdict, history);
        }
    }

    /// <summary>Prints the claims of a study, and whether they hold.</summary>
    public static void Write(IAnsiConsole console, StudyRun run)
    {
        var rows = run.Claims.Select(claim => (IReadOnlyList<string>)new ClaimRow(claim).Cells);
        TerminalTable.Write(console, TitleOf(run.Study.Name, run.Result), ClaimRow.Headers, rows);
        foreach (var remark in run.Study.Remarks)
        {
            console.WriteLine(remark);
        }

        WriteWarnings(console, run.Result);
    }

    /// <summary>Prints how long each step of a scenario takes, such as the steps of a start, and the sum of all steps.</summary>
    public static void Write(IAnsiConsole console, TimeBreakdown breakdown, ScenarioResult result)
    {
        var rows = new List<IReadOnlyList<string>>();
        var sums = new double[breakdown.Columns.Count];
        foreach (var (description, metrics) in breakdown.Steps)
        {
            double[] medians = [.. metrics.Select(metric => result[metric].Sample.Median)];
            sums = [.. sums.Zip(medians, (sum, median) => sum + median)];
            rows.Add([description, .. medians.Select(Figure)]);
        }

        rows.Add(["all", .. sums.Select(Figure)]);
        TerminalTable.Write(console, $"{breakdown.Title}, medians, ms", ["step", .. breakdown.Columns], rows);

        static string Figure(double milliseconds) => milliseconds.ToString("F1", CultureInfo.InvariantCulture);
    }

    private static void Write(IAnsiConsole console, ScenarioVerdict verdict, History history)
    {
        if (verdict.Result.Failure is { } failure)
        {
            console.WriteLine($"{verdict.Result.Scenario}: given up: {failure}");
            return;
        }

        TerminalTable.Write(
            console, TitleOf(verdict.Result.Scenario, verdict.Result), Headers, ReportRow.Of(verdict, history).Select(row => (string[])
            [
                row.Verdict.Key, row.Outcome, row.Change, row.Bounds, row.Candidate, row.Pin, row.Verdict.Result.Unit, row.Targets,
            ]));
        foreach (var metric in verdict.Metrics.Where(metric => metric.Problem is not null))
        {
            console.WriteLine($"{metric.Key}: {metric.Problem}");
        }

        WriteWarnings(console, verdict.Result);
    }

    private static string TitleOf(string name, ScenarioResult result) => $"{name}, {result.Rounds} rounds, seed {result.Seed}"
        + (result.Pin is { } pin ? $", pin {ShortOf(pin)}" : "");

    private static string ShortOf(string commit) => commit.Length > ShortCommit ? commit[..ShortCommit] : commit;

    private static void WriteWarnings(IAnsiConsole console, ScenarioResult result)
    {
        foreach (var warning in result.Warnings)
        {
            console.WriteLine($"warning: {warning}");
        }
    }
}
