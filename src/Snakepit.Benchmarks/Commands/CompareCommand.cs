using System.CommandLine;
using Snakepit.Benchmarks.Arms;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary><c>bench compare BEFORE AFTER</c></summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var before = new Argument<FileInfo>("before") { Description = "A result file of 'run'." };
        var after = new Argument<FileInfo>("after") { Description = "Another one, with the same pin." };
        var command = new Command("compare", "Compares two results by their ratios to the same pin; the exit code says the verdict.") { before, after };
        command.SetAction((parsed, _) => Telling.RunAsync(() => Task.FromResult(Compare(
            RunStore.Load(parsed.GetRequiredValue(before).FullName), RunStore.Load(parsed.GetRequiredValue(after).FullName)))));
        return command;
    }

    private static int Compare(RunResult before, RunResult after)
    {
        var policy = Workspace.Current.LoadPolicy();
        var table = new Table().SimpleBorder().AddColumns("metric", "worse by", "bounds", "before", "after", "unit", "verdict");
        var verdicts = new List<Verdict>();
        foreach (var result in after.Scenarios)
        {
            if (before.Scenarios.FirstOrDefault(scenario => scenario.Scenario == result.Scenario) is not { } earlier)
            {
                continue;
            }

            if (earlier.Pin is null || earlier.Pin != result.Pin)
            {
                throw new NotComparableException(
                    $"{result.Scenario} was measured against the pin {earlier.Pin ?? "none"} before and {result.Pin ?? "none"} after", "measure both against the same pin: bench run --pin COMMIT");
            }

            foreach (var metric in result.Metrics)
            {
                if (policy.RuleOf(metric.Key) is { } rule && earlier.Find(metric.Key) is { } old)
                {
                    var change = EstimateOf(metric, policy).Plus(EstimateOf(old, policy), sign: -1);
                    verdicts.Add(rule.Judge(change));
                    table.AddRow(
                        metric.Key, ReportRow.Percent(change.Value), ReportRow.BoundsOf(change.Widened(rule.Tau)).EscapeMarkup(),
                        Figure.Of(old.Sample.Median), Figure.Of(metric.Sample.Median), metric.Unit, verdicts[^1].ToString().ToLowerInvariant());
                }
            }
        }

        if (verdicts.Count == 0)
        {
            throw new NotComparableException("the two results have no judged metric in common", "measure the same scenarios");
        }

        AnsiConsole.Write(table);
        return verdicts.Contains(Verdict.Regressed) ? ExitCode.Regression
            : verdicts.Contains(Verdict.Inconclusive) ? ExitCode.MachineUnfit
            : ExitCode.Pass;
    }

    private static Estimate EstimateOf(MetricResult metric, Policy policy)
    {
        var differences = metric.Differences(accepted: 1);
        return Estimate.Of(differences, policy.Looks.LevelOfOne);
    }
}
