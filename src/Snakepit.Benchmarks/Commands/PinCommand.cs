using System.CommandLine;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Runs;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary><c>bench pin COMMIT [SCENARIO…] --reason "…" [--rounds N]</c></summary>
internal static class PinCommand
{
    // Fewer give a ratio no bounds, and what is accepted is judged by them.
    private const int FewestRounds = 12;

    public static Command Create()
    {
        var commit = new Argument<string>("commit") { Description = "The revision that ratios refer to from now on; it must have 'bench host'." };
        var names = ScenarioNames.Argument();
        var reason = new Option<string>("--reason") { Description = "Why the pin moves; it goes into the baselines.", Required = true };
        var rounds = new Option<int?>("--rounds") { Description = "How many rounds the old pin is measured against the new one. Default: as many as the last look asks for." };
        reason.Validators.Add(Demands.AReason);
        rounds.Validators.Add(Demands.Rounds(FewestRounds));
        var command = new Command("pin", "Moves the pin: measures the old one against the new one and rewrites the ratios. Makes the first baselines where there are none.")
        {
            commit, names, reason, rounds,
        };
        command.SetAction((parsed, cancellationToken) => Telling.RunAsync(() => PinAsync(
            parsed.GetRequiredValue(commit), ScenarioNames.Selected(parsed.GetValue(names)), parsed.GetRequiredValue(reason), parsed.GetValue(rounds), cancellationToken)));
        return command;
    }

    private static async Task<int> PinAsync(
        string name, IReadOnlyList<Scenario> scenarios, string reason, int? rounds, CancellationToken cancellationToken)
    {
        var workspace = Workspace.Current;
        var pin = await workspace.Git.ResolveAsync(name)
            ?? throw new NotComparableException($"there is no commit '{name}'", "name one of this clone's history");
        if (!await workspace.Git.IsInHistoryAsync(pin))
        {
            throw new NotComparableException($"{pin} is not in the history of this branch, so that other clones may not have it", "name a commit that is");
        }

        var policy = workspace.LoadPolicy();
        var (id, load, results) = (Workspace.NewRunId(), Workspace.LoadAverage(), new List<ScenarioResult>());
        await using var gate = await PerformanceGate.OpenAsync(workspace, new GateOptions(), Console.Error.WriteLine, cancellationToken);
        var baselines = new List<(string Path, string Text)>();
        foreach (var scenario in scenarios)
        {
            var baseline = workspace.LoadBaseline(scenario.Name);
            var result = await gate.MeasureAsync(scenario, baseline?.Pin ?? pin, pin, rounds ?? policy.InterimLooks.Rounds[^1], cancellationToken);
            results.Add(result);
            var moved = PinMove.Of(result, baseline, policy) with { Reason = reason };
            baselines.Add((workspace.BaselineSnapshot(scenario.Name).VerifiedPath, moved.With(OfThePin(result), await Workspace.MachineAsync()).ToText()));
        }

        // Only when all are measured: two pins at once are nobody's wish.
        foreach (var (path, text) in baselines)
        {
            AtomicFile.Write(path, text);
            AnsiConsole.WriteLine($"{path}: pinned to {pin}");
        }

        AnsiConsole.WriteLine($"Kept in {workspace.Runs.Save(await workspace.DescribeAsync(id, load, results))}");

        return ExitCode.Pass;
    }

    /// <summary>The new pin's own numbers, as the machine's.</summary>
    private static ScenarioResult OfThePin(ScenarioResult result) =>
        result with { Metrics = [.. result.Metrics.Select(metric => metric with { Candidate = metric.Pin })] };
}
