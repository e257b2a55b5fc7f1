using System.CommandLine;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;

namespace Snakepit.Benchmarks.Commands;

/// <summary>The command <c>bench confirm FILE</c>, which measures again, on this machine, the regressions that another run found.</summary>
internal static class ConfirmCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file")
        {
            Description = "artifacts/performance/suspects.json of a run that left regressions to be confirmed.",
            CustomParser = CommandLineValues.File,
        };
        var command = new Command(
            "confirm",
            "Measures what another run found regressed once more, on this machine, and judges both; the exit code says the verdict.")
        {
            file,
        };
        command.SetAction((parsed, cancellationToken) =>
            CommandRunner.RunAsync(() => ConfirmAsync(parsed.GetRequiredValue(file), cancellationToken)));
        return command;
    }

    private static async Task<int> ConfirmAsync(FileInfo file, CancellationToken cancellationToken)
    {
        var (workspace, suspects) = (Workspace.Current, Suspects.Load(file.FullName));
        var unknown = suspects.Sessions.Select(first => first.Scenario).Except(AllScenarios.All.Select(scenario => scenario.Name)).ToList();
        if (unknown.Count > 0)
        {
            throw new UnreadableFileException(
                file.FullName,
                $"this revision has no scenario {string.Join(", ", unknown)}. Confirm with the revision that was measured.");
        }

        RunningProgram.RequireUpToDate();
        AcceptedNames.Require(workspace);
        var options = new GateOptions { Explains = true };
        await using var gate = await PerformanceGate.OpenAsync(workspace, options, Console.Error.WriteLine, cancellationToken);
        foreach (var first in suspects.Sessions)
        {
            var scenario = AllScenarios.All.Single(scenario => scenario.Name == first.Scenario);
            await gate.ConfirmAsync(scenario, first, suspects.Sources, cancellationToken);
        }

        var told = await VerdictOutput.WriteAsync(workspace, gate, [.. gate.Runs.Select(measured => WithoutTargets(measured.Verdict))]);
        return told.Code;
    }

    // Targets are left out, because the first run has judged them and reported them in its exit code.
    private static ScenarioVerdict WithoutTargets(ScenarioVerdict verdict) =>
        verdict with { Metrics = [.. verdict.Metrics.Select(metric => metric with { Target = null })] };
}
