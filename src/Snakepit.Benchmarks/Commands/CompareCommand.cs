using System.CommandLine;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Runs;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary>The command <c>bench compare BEFORE AFTER</c>, which compares two saved results.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var before = new Argument<FileInfo>("before") { Description = "A result file of 'run'.", CustomParser = CommandLineValues.File };
        var after = new Argument<FileInfo>("after")
        {
            Description = "Another one, with the same pin.",
            CustomParser = CommandLineValues.File,
        };
        var command = new Command("compare", "Compares two results by their ratios to the same pin; the exit code says the verdict.")
        {
            before, after,
        };
        command.SetAction((parsed, _) => CommandRunner.RunAsync(() =>
        {
            AcceptedNames.Require(Workspace.Current);
            return Task.FromResult(Compare(
                RunStore.Load(parsed.GetRequiredValue(before).FullName),
                RunStore.Load(parsed.GetRequiredValue(after).FullName),
                Workspace.Current.LoadPolicy()));
        }));
        return command;
    }

    /// <summary>Prints the comparison and returns the exit code.</summary>
    internal static int Compare(RunResult before, RunResult after, Policy policy)
    {
        var comparison = Comparison(before, after, policy);
        string[] headers = ["metric", "worse by", "bounds", "before", "after", "unit", "verdict"];
        TerminalTable.Write(AnsiConsole.Console, "", headers, comparison.Metrics.Select(metric => (string[])
        [
            metric.After.Key,
            metric.Change is { } change ? ReportRow.Percent(change.Value) : "",
            metric.Change is { } bounded ? ReportRow.BoundsOf(bounded) : "",
            metric.Before.CandidateText,
            metric.After.CandidateText,
            metric.After.Unit,
            metric.Verdict.ToString().ToLowerInvariant(),
        ]));
        if (!comparison.Missing.IsEmpty)
        {
            AnsiConsole.WriteLine(
                $"Not comparable, because one result lacks it or did not measure it in full: {string.Join(", ", comparison.Missing)}");
        }

        foreach (var missed in comparison.MissedTargets)
        {
            AnsiConsole.WriteLine(missed);
        }

        return comparison.Verdict switch
        {
            Verdict.Regressed => ExitCode.Regression,
            Verdict.Inconclusive => ExitCode.MachineUnfit,
            _ => ExitCode.Pass,
        };
    }

    private static RunComparison Comparison(RunResult before, RunResult after, Policy policy)
    {
        RunComparison comparison;
        try
        {
            comparison = RunComparison.Of(before, after, policy);
        }
        catch (ArgumentException exception)
        {
            throw new NotComparableException(
                exception.Message, "measure both in the same way, against the same pin: bench run --pin COMMIT", exception);
        }

        return comparison.Metrics.IsEmpty
            ? throw new NotComparableException("the two results have no judged metric in common", "measure the same scenarios")
            : comparison;
    }
}
