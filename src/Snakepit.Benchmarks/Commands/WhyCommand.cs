using System.CommandLine;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Profiling;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Commands;

/// <summary>
/// The command <c>bench why SCENARIO [METRIC] [--pin COMMIT] [--rounds N]</c>, which profiles both sides and names the functions whose cost
/// has grown.
/// </summary>
internal static class WhyCommand
{
    private const int UsualRounds = 8;

    public static Command Create()
    {
        var scenario = new Argument<string>("scenario") { Description = "The scenario." };
        scenario.AcceptOnlyFromAmong([.. AllScenarios.All.Select(one => one.Name), .. AllScenarios.All.Select(one => one.Name.ToLowerInvariant())]);
        var metric = new Argument<string?>("metric") { Description = "One metric; all of the scenario if not given.", DefaultValueFactory = _ => null };
        var pin = new Option<string?>("--pin") { Description = "Compare with this commit instead of the baseline's pin." };
        var rounds = new Option<int>("--rounds")
        {
            Description = "How many rounds to profile.",
            DefaultValueFactory = _ => UsualRounds,
            CustomParser = result => CommandLineValues.Rounds(fewest: 2)(result) ?? UsualRounds,
        };
        var command = new Command("why", "Profiles a scenario on both sides and names the functions whose cost has grown.")
        {
            scenario, metric, pin, rounds,
        };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(() => RunAsync(
            AllScenarios.All.Single(one => one.Name.Equals(parsed.GetValue(scenario), StringComparison.OrdinalIgnoreCase)),
            parsed.GetValue(metric),
            parsed.GetValue(pin),
            parsed.GetValue(rounds),
            cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(
        Scenario scenario, string? metric, string? pin, int rounds, CancellationToken cancellationToken)
    {
        var workspace = Workspace.Current;
        RunningProgram.RequireUpToDate();
        var options = new GateOptions
        {
            Seed = GateOptions.NewSeed(),
            Pin = pin is null ? null : await workspace.Git.RequireAsync(pin),
            IsFull = true,
        };
        await using var gate = await PerformanceGate.OpenAsync(workspace, options, Console.Error.WriteLine, cancellationToken);
        var explanation = await gate.ExplainAsync(scenario, metric is null ? scenario.Keys : [metric], rounds, cancellationToken);
        Console.WriteLine(ExplanationText.Of(explanation));
        return ExitCode.Pass;
    }
}
