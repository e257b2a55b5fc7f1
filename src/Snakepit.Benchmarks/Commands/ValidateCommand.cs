using System.CommandLine;
using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Host;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Samples;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary><c>bench validate [--restart] [--minutes N]</c></summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var restart = new Option<bool>("--restart") { Description = "Begin anew instead of going on where the last validation stopped." };
        var minutes = new Option<int>("--minutes") { Description = "Begin no further session after so many minutes.", DefaultValueFactory = _ => 600 };
        var trials = new Option<string[]>("--only") { Description = "Only trials whose names contain one of these.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("validate", "Validates the gate live: sessions on identical code must be silent, injected faults must be found. Takes hours; goes on where it stopped.")
        {
            restart, minutes, trials,
        };
        command.SetAction((parsed, cancellationToken) => Telling.RunAsync(() => ValidateAsync(
            parsed.GetValue(restart), TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(trials) ?? [], cancellationToken)));
        return command;
    }

    private static async Task<int> ValidateAsync(bool restart, TimeSpan limit, string[] only, CancellationToken cancellationToken)
    {
        var (workspace, began) = (Workspace.Current, TimeProvider.System.GetTimestamp());
        var commit = await workspace.Git.HeadAsync();
        if (commit.Length == 0 || !await workspace.Git.HasSourcesOfAsync(commit, "src", "priv/python", "protos"))
        {
            throw new NotComparableException("a validation needs identical code on both sides, and the working tree differs from its commit", "commit, build and validate again");
        }

        var path = Validation.PathIn(workspace);
        var validation = (restart ? null : Validation.Load(path, commit)) ?? await CalibrateAsync(commit, cancellationToken);
        validation.Save(path);
        while (validation.Next(only) is { } trial && TimeProvider.System.GetElapsedTime(began) < limit)
        {
            var outcome = await SessionAsync(workspace, commit, trial, validation.FaultOf(trial), cancellationToken);
            validation = validation with { Outcomes = validation.Outcomes.Add(outcome) };
            validation.Save(path);
            Console.Error.WriteLine($"{trial.Name}: {outcome.Outcome}, {string.Join(", ", outcome.Regressed.Take(3))}");
        }

        return Tell(validation);
    }

    private static async Task<TrialOutcome> SessionAsync(Workspace workspace, string commit, Trial trial, Fault fault, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var neighbour = trial.IsLoaded ? new BusyCore() : null;
        await using var gate = await PerformanceGate.OpenAsync(workspace, new GateOptions { Pin = commit, Fault = fault }, Console.Error.WriteLine, cancellationToken);
        foreach (var scenario in ScenarioNames.Selected([.. trial.Scenarios]))
        {
            await gate.RunAsync(scenario, cancellationToken);
        }

        await gate.SaveAsync();
        return TrialOutcome.Of(trial, [.. gate.Runs.Select(run => run.Verdict)], TimeProvider.System.GetElapsedTime(start));
    }

    /// <summary>Measures what the faults are shares of.</summary>
    private static async Task<Validation> CalibrateAsync(string commit, CancellationToken cancellationToken)
    {
        const int Most = 16;
        const int Workers = 8;
        Console.Error.WriteLine("calibrating");
        await using var arm = await Arm.StartAsync(Side.Candidate, Workspace.CandidateBuild, await Workspace.PythonAsync(), cancellationToken);
        var starts = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            starts.Add((await arm.RunAsync(new SlotRequest(0, "start") { Workers = Most, Kind = "cold" }, cancellationToken))["ms"]);
            await arm.RunAsync(new SlotRequest(0, "stop"), cancellationToken);
        }

        await arm.RunAsync(new SlotRequest(0, "start") { Workers = Workers, Kind = "cold" }, cancellationToken);
        await arm.RunAsync(new SlotRequest(0, "closed") { Callers = Workers, Milliseconds = 1_000 }, cancellationToken);
        var calls = await arm.RunAsync(new SlotRequest(0, "closed") { Callers = 20, Milliseconds = 2_000 }, cancellationToken);
        return new Validation(commit, calls["hostCpuUs"] + calls["workerCpuUs"], calls["bytes"], new Sample(starts).Median, []);
    }

    /// <summary>Prints the confusion table; passes if no session on identical code was red and every fault was found.</summary>
    private static int Tell(Validation validation)
    {
        var table = new Table().SimpleBorder().AddColumns("trial", "sessions", "passed", "regressed", "inconclusive", "broken", "named first", "as expected");
        var (isWrong, unsure) = (false, 0);
        foreach (var trial in Trial.All)
        {
            var outcomes = validation.Of(trial).ToList();
            isWrong |= outcomes.Exists(outcome => trial.IsIdentical ? outcome.Outcome == GateOutcome.Regressed : !trial.IsRight(outcome));
            unsure += trial.IsIdentical ? outcomes.Count(outcome => outcome.Outcome == GateOutcome.Inconclusive) : 0;
            table.AddRow(
                trial.Name,
                $"{outcomes.Count} of {trial.Sessions}",
                Count(GateOutcome.Passed), Count(GateOutcome.Regressed), Count(GateOutcome.Inconclusive), Count(GateOutcome.Broken),
                string.Join(", ", outcomes.Select(outcome => outcome.Regressed.FirstOrDefault("")).Where(name => name.Length > 0).Distinct()),
                outcomes.Count == 0 ? "" : $"{outcomes.Count(trial.IsRight)} of {outcomes.Count}");

            string Count(GateOutcome wanted) => outcomes.Count(outcome => outcome.Outcome == wanted) is > 0 and var count ? $"{count}" : "";
        }

        AnsiConsole.Write(table);
        return isWrong ? ExitCode.Regression
            : unsure > 1 || validation.Next() is not null ? ExitCode.MachineUnfit
            : ExitCode.Pass;
    }
}
