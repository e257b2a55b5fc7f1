using System.CommandLine;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Profiling;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Benchmarks.Commands;

/// <summary>
/// The command <c>bench why SCENARIO [METRIC] [--pin COMMIT] [--rounds N]</c>, which profiles both sides and names the functions whose cost
/// has grown.
/// </summary>
internal static class WhyCommand
{
    public static Command Create()
    {
        var scenario = ScenarioNames.One();
        var metric = new Argument<string?>("metric")
        {
            Description = "The metric to measure meanwhile. Default: all of the scenario.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var pin = new Option<string?>("--pin") { Description = "Compare with this commit instead of the baseline's pin." };
        var rounds = new Option<int?>("--rounds")
        {
            Description = $"How many rounds to profile. Default: {Explainer.UsualRounds}.",
            CustomParser = CommandLineValues.Rounds(GrowthRanking.FewestRounds),
        };
        var command = new Command("why", "Profiles a scenario on both sides, and names the functions whose cost has grown.")
        {
            scenario, metric, pin, rounds,
        };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(() => RunAsync(
            ScenarioNames.Selected([parsed.GetRequiredValue(scenario)])[0],
            parsed.GetValue(metric),
            parsed.GetValue(pin),
            parsed.GetValue(rounds) ?? Explainer.UsualRounds,
            cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(
        Scenario scenario, string? metric, string? pin, int rounds, CancellationToken cancellationToken)
    {
        var workspace = Workspace.Current;
        RunningProgram.RequireUpToDate();
        if (metric is not null && !scenario.Keys.Contains(metric))
        {
            throw new NotComparableException(
                $"{scenario.Name} has no metric '{metric}'", $"use one of these: {string.Join(", ", scenario.Keys.Order())}");
        }

        var commit = pin is null
            ? workspace.LoadBaseline(scenario.Name)?.Pin
                ?? throw new NotComparableException($"{scenario.Name} has no baseline, and so no pin", "name a commit: --pin COMMIT")
            : await workspace.Git.RequireAsync(pin);
        await using var gate = await PerformanceGate.OpenAsync(workspace, new GateOptions(), Console.Error.WriteLine, cancellationToken);
        var explanation = await gate.Explainer.ExplainAsync(
            scenario, commit, metric is null ? scenario.Keys : [metric], rounds, cancellationToken);
        foreach (var line in ExplanationText.LinesOf(explanation))
        {
            Console.WriteLine(line);
        }

        var files = gate.Explainer.Save(explanation);
        foreach (var file in files.Written)
        {
            Console.WriteLine($"Profile: {file}");
        }

        return ExitCode.With(explanation.Ranking is null ? ExitCode.Broken : ExitCode.Pass, files, Console.Error.WriteLine);
    }
}
