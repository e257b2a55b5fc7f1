using System.Globalization;
using Snakepit.Benchmarks.Commands;
using Snakepit.Benchmarks.Gate;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Runs;
using Spectre.Console;

namespace Snakepit.Benchmarks;

/// <summary>Runs as reports, with what the repository knows beside the numbers.</summary>
internal static class Reporter
{
    /// <summary>The verdicts on a run, judged anew by what is accepted now.</summary>
    public static async Task<IReadOnlyList<ScenarioVerdict>> JudgeAsync(Workspace workspace, RunResult run)
    {
        var verdicts = new List<ScenarioVerdict>();
        foreach (var result in run.Scenarios)
        {
            var yardstick = (await workspace.YardstickAsync(result.Scenario)).For(result.Pin, result.Scenario, result.Metrics.Select(metric => metric.Metric));
            verdicts.Add(ScenarioVerdict.Of(result, yardstick.Baseline, yardstick.Policy));
        }

        return verdicts;
    }

    /// <summary>The whole run as Markdown.</summary>
    public static string Markdown(Workspace workspace, RunResult run, IReadOnlyList<ScenarioRun> measured)
    {
        var history = workspace.LoadHistory();
        var policy = measured.Select(one => one.Yardstick.Policy).FirstOrDefault() ?? workspace.LoadPolicy();
        return MarkdownReport.Heading(run, [.. measured.Select(one => one.Verdict)], policy, measured.SelectMany(one => one.Notes).Distinct())
            + string.Join("\n", measured.Select(one => MarkdownReport.Of(one.Verdict, ReportRow.Of(one.Verdict, history))));
    }

    /// <summary>The whole run as tables in the terminal.</summary>
    public static void Write(Workspace workspace, RunResult run, IReadOnlyList<ScenarioVerdict> verdicts)
    {
        var history = workspace.LoadHistory();
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine($"Performance: {MarkdownReport.Summary(verdicts)}");
        AnsiConsole.WriteLine($"Run {run.Id} of {(run.Commit.Length >= 10 ? run.Commit[..10] : "an unknown revision")}{(run.Dirty ? " with local changes" : "")}");
        AnsiConsole.WriteLine($"{run.Machine.Key}; load average {run.LoadBefore.ToString("F2", CultureInfo.InvariantCulture)}");
        foreach (var verdict in verdicts)
        {
            var table = new Table().SimpleBorder().Title($"{verdict.Result.Scenario}, {verdict.Result.Rounds} rounds, seed {verdict.Result.Seed}");
            table.AddColumns("metric", "worse by", "bounds", "candidate", "pin", "unit", "targets", "verdict");
            foreach (var column in table.Columns)
            {
                column.NoWrap().Padding(0, 1);
            }

            foreach (var row in ReportRow.Of(verdict, history))
            {
                string[] cells = [row.Verdict.Key, row.Change, row.Bounds, row.Candidate, row.Pin, row.Verdict.Result.Unit, row.Targets, row.Outcome];
                table.AddRow(cells.Select(cell => new Text(cell)));
            }

            AnsiConsole.Write(table);
            foreach (var warning in verdict.Result.Warnings)
            {
                AnsiConsole.WriteLine($"warning: {warning}");
            }
        }
    }

    /// <summary>The exit code of what was found.</summary>
    public static int ExitCodeOf(IReadOnlyCollection<ScenarioVerdict> verdicts)
    {
        var worst = verdicts.Select(verdict => verdict.Outcome).DefaultIfEmpty(GateOutcome.Broken).Max();
        var targets = verdicts.SelectMany(verdict => verdict.Metrics).Select(metric => metric.Must?.Outcome).ToHashSet();
        return worst == GateOutcome.Broken ? ExitCode.Broken
            : worst == GateOutcome.Regressed || targets.Contains(TargetOutcome.Missed) ? ExitCode.Regression
            : worst == GateOutcome.NotComparable ? ExitCode.Broken
            : worst == GateOutcome.Inconclusive || targets.Contains(TargetOutcome.MachineUnfit) ? ExitCode.MachineUnfit
            : ExitCode.Pass;
    }
}
