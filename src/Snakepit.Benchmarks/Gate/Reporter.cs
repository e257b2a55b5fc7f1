using System.Globalization;
using Snakepit.Benchmarks.Commands;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Reports.Markdown;
using Snakepit.Measurement.Runs;
using Spectre.Console;

namespace Snakepit.Benchmarks.Gate;

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
    public static string Markdown(Workspace workspace, RunResult run, IReadOnlyList<ScenarioRun> measured, IReadOnlyList<StudyRun> studied)
    {
        var history = workspace.LoadHistory();
        var heading = measured is [var first, ..]
            ? MarkdownReport.Heading(
                run, RunSummary.Of([.. measured.Select(one => one.Verdict)]), first.Yardstick.Policy, measured.SelectMany(one => one.Notes).Distinct())
            : MarkdownReport.Title(run, "studies");
        return heading + string.Join(
            "\n", [.. measured.Select(one => MarkdownReport.Of(one.Verdict, ReportRow.Of(one.Verdict, history))), .. studied.Select(one => one.ToMarkdown())]);
    }

    /// <summary>A study as a table in the terminal.</summary>
    public static void Write(StudyRun run)
    {
        var table = new Table().SimpleBorder().Title($"{run.Study.Name}, {run.Result.Rounds} rounds, seed {run.Result.Seed}").AddColumns([.. ClaimRow.Headers]);
        foreach (var claim in run.Claims)
        {
            table.AddRow(new ClaimRow(claim).Cells.Select(cell => new Text(cell)));
        }

        AnsiConsole.Write(table);
        foreach (var remark in run.Study.Remarks.Concat(run.Result.Warnings.Select(warning => $"warning: {warning}")))
        {
            AnsiConsole.WriteLine(remark);
        }
    }

    /// <summary>The whole run as tables in the terminal.</summary>
    public static void Write(Workspace workspace, RunResult run, IReadOnlyList<ScenarioVerdict> verdicts)
    {
        var history = workspace.LoadHistory();
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine($"Performance: {RunSummary.Of(verdicts)}");
        AnsiConsole.WriteLine($"Run {run.Id} of {(run.Commit.Length >= 10 ? run.Commit[..10] : "an unknown revision")}{(run.Dirty ? " with local changes" : "")}");
        AnsiConsole.WriteLine($"{run.Machine.Key}; load average {run.LoadBefore.ToString("F2", CultureInfo.InvariantCulture)}");
        foreach (var verdict in verdicts)
        {
            if (verdict.Result.Failure is { } failure)
            {
                AnsiConsole.WriteLine($"{verdict.Result.Scenario}: given up: {failure}");
                continue;
            }

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

    /// <summary>Where every millisecond of a start went: medians of the rounds' steps, which follow each other.</summary>
    public static void WriteSteps(ScenarioResult startup)
    {
        var table = new Table().SimpleBorder().Title($"Phases of a start of {StartupScenario.Most} workers, medians, ms").AddColumn("step");
        table.AddColumns([.. StartupScenario.StepKinds.Select(kind => new TableColumn(kind).RightAligned())]);
        foreach (var (name, description) in StartSteps.All)
        {
            table.AddRow([description, .. StartupScenario.StepKinds.Select(kind => StepOf(kind, name).ToString("F1", CultureInfo.InvariantCulture))]);
        }

        table.AddRow(["all", .. StartupScenario.StepKinds.Select(
            kind => StartSteps.All.Sum(step => StepOf(kind, step.Name)).ToString("F1", CultureInfo.InvariantCulture))]);
        AnsiConsole.Write(table);

        double StepOf(string kind, string name) => startup[StartupScenario.StepKey(kind, name)].Sample.Median;
    }

    /// <summary>The exit code of what was found.</summary>
    public static int ExitCodeOf(IReadOnlyCollection<ScenarioVerdict> verdicts)
    {
        var worst = verdicts.Select(verdict => verdict.Outcome).DefaultIfEmpty(GateOutcome.Broken).Max();
        var targets = verdicts.SelectMany(verdict => verdict.Metrics).Select(metric => metric.Target?.Outcome).ToHashSet();
        return worst == GateOutcome.Broken ? ExitCode.Broken
            : worst == GateOutcome.Regressed || targets.Contains(TargetOutcome.Missed) ? ExitCode.Regression
            : worst == GateOutcome.NotComparable ? ExitCode.Broken
            : worst == GateOutcome.Inconclusive || targets.Contains(TargetOutcome.MachineUnfit) ? ExitCode.MachineUnfit
            : ExitCode.Pass;
    }
}
