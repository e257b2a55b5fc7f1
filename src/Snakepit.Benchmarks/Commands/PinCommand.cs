using System.CommandLine;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Statistics;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary>
/// The command <c>bench pin COMMIT [SCENARIO…] --reason "…" [--rounds N]</c>, which moves the pin (the commit that candidates are compared
/// with) to another commit.
/// </summary>
internal static class PinCommand
{
    /// <summary>The fewest rounds from which a ratio may become an accepted one, as <see cref="Acceptance"/> asks for.</summary>
    internal const int FewestRounds = 40;

    // A first baseline has only ratios of 1, for which nothing is measured, so few rounds are enough for its counts and figures.
    private const int RoundsOfFirst = 5;

    public static Command Create()
    {
        var commit = new Argument<string>("commit")
        {
            Description = "The revision that ratios refer to from now on; it must have 'bench host'.",
        };
        var names = ScenarioNames.Argument();
        var reason = new Option<string>("--reason")
        {
            Description = "Why the pin moves; it goes into the baselines.",
            Required = true,
            CustomParser = CommandLineValues.Reason,
        };
        var rounds = new Option<int?>("--rounds")
        {
            Description = "How many rounds the old pin is measured against the new one. Default: as many as the last look asks for; "
                + $"{RoundsOfFirst} for a first baseline.",
            CustomParser = CommandLineValues.Rounds(FewestRounds),
        };
        var command = new Command(
            "pin",
            "Moves the pin: measures the old one against the new one and rewrites the ratios. "
            + "Makes the first baselines where there are none.")
        {
            commit, names, reason, rounds,
        };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(() => PinAsync(
            parsed.GetRequiredValue(commit),
            ScenarioNames.Selected(parsed.GetValue(names)),
            parsed.GetRequiredValue(reason).Trim(),
            parsed.GetValue(rounds),
            cancellationToken)));
        return command;
    }

    private static async Task<int> PinAsync(
        string name, IReadOnlyList<Scenario> scenarios, string reason, int? rounds, CancellationToken cancellationToken)
    {
        var workspace = Workspace.Current;
        var pin = await workspace.Git.RequireAsync(name);
        if (!await workspace.Git.IsInHistoryAsync(pin))
        {
            throw new NotComparableException(
                $"{pin} is not in the history of this branch, so that other clones may not have it", "name a commit that is");
        }

        AcceptedNames.Require(workspace);
        var enough = workspace.LoadPolicy().InterimLooks.Rounds[^1];
        var results = new List<ScenarioResult>();
        await using var gate = await PerformanceGate.OpenAsync(workspace, new GateOptions(), Console.Error.WriteLine, cancellationToken);
        var baselines = new List<(Scenario Scenario, Baseline? Before, string Text)>();
        var candidate = pin;
        foreach (var scenario in scenarios)
        {
            var baseline = workspace.LoadBaseline(scenario.Name);
            if (baseline?.Pin == pin)
            {
                AnsiConsole.WriteLine($"{scenario.Name} has this pin already: nothing is measured.");
                continue;
            }

            candidate = baseline?.Pin ?? pin;
            var result = await gate.MeasureAsync(
                scenario, candidate, pin, rounds ?? (baseline is null ? RoundsOfFirst : enough), cancellationToken);
            results.Add(result);
            RequireCertain(result, baseline, workspace.LoadPolicy());
            var moved = PinMove.Of(result, baseline, workspace.LoadPolicy()) with { Reason = reason };
            moved = moved.With(FiguresOfPin(result), await ThisMachine.ProfileAsync());
            baselines.Add((scenario, baseline, moved.ToText()));
        }

        // The baselines are written only after all scenarios were measured, so that an interruption leaves no mixture of two pins.
        if (baselines.Find(one => workspace.LoadBaseline(one.Scenario.Name)?.ToText() != one.Before?.ToText()) is { Scenario: { } changed })
        {
            throw new NotComparableException(
                $"the baseline of {changed.Name} has changed while it was measured, and the new one would undo that", "move the pin again");
        }

        foreach (var (scenario, _, text) in baselines)
        {
            var path = workspace.BaselineSnapshot(scenario.Name).VerifiedPath;
            AtomicFile.Write(path, text);
            AnsiConsole.WriteLine($"{path}: pinned to {pin}");
        }

        var files = new OutputFiles();
        if (results.Count > 0)
        {
            var run = gate.ResultOf(candidate, results);
            files.Write(workspace.Runs.PathOf(run), path => RunStore.SaveAs(run, path));
        }

        foreach (var path in files.Written)
        {
            AnsiConsole.WriteLine($"Kept in {path}");
        }

        return ExitCode.With(ExitCode.Pass, files, Console.Error.WriteLine);
    }

    /// <summary>
    /// Refuses ratios of the old pin to the new one that noise may have moved, because each accepted ratio would be multiplied by them.
    /// </summary>
    /// <exception cref="NotComparableException">A ratio is too uncertain.</exception>
    private static void RequireCertain(ScenarioResult result, Baseline? baseline, Policy policy)
    {
        var carried = result.Metrics
            .Where(metric => policy.RuleFor(metric.Key) is not null && baseline?.Metrics.ContainsKey(metric.Key) == true)
            .Select(metric => KeyValuePair.Create(metric.Key, AcceptedRatio.Measured(metric, confirmation: null)));
        if (Acceptance.RefusalOfPin(carried, policy) is { } refusal)
        {
            throw new NotComparableException(
                $"the pin of {result.Scenario} cannot be moved: {refusal}",
                $"or with more rounds: --rounds {SignedRankDistribution.MaxCount}");
        }
    }

    /// <summary>
    /// Returns the result with the figures of the pin in place of the candidate's. The commit that becomes the new pin was measured as the
    /// pin, but a baseline takes the figures that it stores for each machine from the candidate.
    /// </summary>
    private static ScenarioResult FiguresOfPin(ScenarioResult result) =>
        result with { Metrics = [.. result.Metrics.Select(metric => metric with { Candidate = metric.Pin })] };
}
