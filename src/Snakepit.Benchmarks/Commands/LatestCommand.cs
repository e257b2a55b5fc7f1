using System.CommandLine;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Runs;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary>The command <c>bench latest</c>, which shows the newest saved result, judged by what is accepted now.</summary>
internal static class LatestCommand
{
    public static Command Create()
    {
        var command = new Command("latest", "Shows the newest result, judged by what is accepted now; the exit code says the verdict.");
        command.SetAction((_, _) => CommandRunner.RunAsync(async () =>
        {
            var workspace = Workspace.Current;
            if (workspace.Runs.List() is not [var newest, ..])
            {
                AnsiConsole.WriteLine("Nothing has been measured yet: use 'run'.");
                return ExitCode.Broken;
            }

            AcceptedNames.Require(workspace);
            var run = RunStore.Load(newest);
            if (run.Scenarios.IsEmpty)
            {
                throw new UnreadableFileException(newest, "it holds no scenario, so there is nothing to judge. Measure again: bench run");
            }

            var (verdicts, notes) = await JudgeAsync(workspace, run);
            TerminalReport.Write(AnsiConsole.Console, workspace, run, verdicts, notes);
            return ExitCode.Of(verdicts);
        }));
        return command;
    }

    /// <summary>Judges a run by what is accepted now.</summary>
    internal static async Task<(IReadOnlyList<ScenarioVerdict> Verdicts, IReadOnlyList<string> Notes)> JudgeAsync(
        Workspace workspace, RunResult run)
    {
        var (verdicts, notes) = (new List<ScenarioVerdict>(), new List<string>());
        foreach (var result in run.Scenarios)
        {
            var criteria = await Criteria.LoadAsync(workspace, result.Scenario);
            criteria = criteria.For(result.Pin, result.Scenario, result.Metrics.Select(metric => metric.Metric));
            notes.AddRange(criteria.Notes);
            verdicts.Add(criteria.Judge(result));
            notes.AddRange(criteria.NotesOn(verdicts[^1]));
        }

        return (verdicts, notes);
    }
}
