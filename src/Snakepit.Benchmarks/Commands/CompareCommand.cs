using System.CommandLine;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Runs;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary>
/// The command <c>bench compare BEFORE AFTER [SCENARIO…] [--rounds N]</c>, which compares two saved results, or measures two commits.
/// </summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var before = new Argument<string>("before") { Description = "A result file of 'run', or a commit." };
        var after = new Argument<string>("after") { Description = "Another result file with the same pin, or another commit." };
        var names = ScenarioNames.Argument();
        var rounds = new Option<int?>("--rounds")
        {
            Description = "For commits: exactly so many rounds; as many as the verdicts need if not given.",
            CustomParser = CommandLineValues.Rounds(fewest: 1),
        };
        var command = new Command(
            "compare",
            "Compares two results by their ratios to the same pin, or builds and measures two commits side by side; "
            + "the exit code says the verdict.")
        {
            before, after, names, rounds,
        };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(async () =>
        {
            var (first, second) = (parsed.GetRequiredValue(before), parsed.GetRequiredValue(after));
            var scenarios = ScenarioNames.Selected(parsed.GetValue(names));
            AcceptedNames.Require(Workspace.Current);
            return File.Exists(first) && File.Exists(second)
                ? Compare(RunStore.Load(first), RunStore.Load(second), Workspace.Current.LoadPolicy())
                : await MeasureAsync(first, second, scenarios, parsed.GetValue(rounds), cancellationToken);
        }));
        return command;
    }

    private static async Task<int> MeasureAsync(
        string before, string after, IReadOnlyList<Scenario> scenarios, int? rounds, CancellationToken cancellationToken)
    {
        var options = new GateOptions
        {
            Pin = await RequireCommitAsync(before),
            Candidate = await RequireCommitAsync(after),
            Rounds = rounds,
            IsFull = FullRun.IsAsked,
            Explains = true,
        };
        return options.Pin == options.Candidate
            ? throw new NotComparableException($"'{before}' and '{after}' are the same commit {options.Pin}", "name two commits")
            : await RunCommand.RunAsync(scenarios, options, phases: false, output: null, cancellationToken);
    }

    private static async Task<string> RequireCommitAsync(string name) => await Workspace.Current.Git.ResolveAsync(name)
        ?? throw new NotComparableException(
            $"'{name}' is neither a file nor a commit of this clone", "name two result files of 'bench run', or two commits");

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
