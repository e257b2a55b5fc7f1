using System.CommandLine;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Runs;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary>
/// The command <c>bench run [SCENARIO…] [--rounds N] [--full] [--seed N] [--pin COMMIT] [--phases] [--out FILE]</c>, which measures and
/// judges scenarios.
/// </summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var names = ScenarioNames.Argument();
        var rounds = new Option<int?>("--rounds")
        {
            Description = "Exactly so many rounds; as many as the verdicts need if not given.",
            CustomParser = CommandLineValues.Rounds(fewest: 1),
        };
        var full = new Option<bool>("--full")
        {
            Description = $"Measure also the metrics that are left to full runs, as with {FullRun.Setting}.",
            Arity = ArgumentArity.Zero,
        };
        var seed = new Option<int?>("--seed")
        {
            Description = "The seed of every random choice; printed in the report.",
            CustomParser = CommandLineValues.Seed,
        };
        var pin = new Option<string?>("--pin") { Description = "Compare with this commit instead of the baseline's pin." };
        var phases = new Option<bool>("--phases")
        {
            Description = $"Print where every millisecond went, of {Names(WithPhases(AllScenarios.All))} only.",
            Arity = ArgumentArity.Zero,
        };
        var output = new Option<FileInfo?>("--out")
        {
            Description = "Write the result here as well.",
            CustomParser = CommandLineValues.File,
        };
        var command = new Command("run", "Measures scenarios side by side with their pins, judges them and keeps the result.")
        {
            names, rounds, full, seed, pin, phases, output,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(phases) && !WithPhases(ScenarioNames.Selected(result.GetValue(names))).Any())
            {
                result.AddError($"--phases needs one of these scenarios: {Names(WithPhases(AllScenarios.All))}.");
            }
        });
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(() => RunAsync(
            ScenarioNames.Selected(parsed.GetValue(names)),
            new GateOptions
            {
                Seed = parsed.GetValue(seed) ?? GateOptions.NewSeed(),
                Rounds = parsed.GetValue(rounds),
                IsFull = parsed.GetValue(full) || FullRun.IsAsked,
                Pin = parsed.GetValue(pin),
            },
            parsed.GetValue(phases),
            parsed.GetValue(output),
            cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(
        IEnumerable<Scenario> scenarios, GateOptions options, bool phases, FileInfo? output, CancellationToken cancellationToken)
    {
        var workspace = Workspace.Current;
        if (options.Pin is { } name)
        {
            options = options with { Pin = await workspace.Git.RequireAsync(name) };
        }

        if (output is not null)
        {
            RunStore.RequireWritable(output.FullName);
        }

        RunningProgram.RequireUpToDate();
        AcceptedNames.Require(workspace);
        await AcceptedNames.RequireNoneRemovedAsync(workspace);
        await RequireReadableAsync(workspace, scenarios);
        await using var gate = await PerformanceGate.OpenAsync(workspace, options, Console.Error.WriteLine, cancellationToken);
        var (told, isUnfit) = (new VerdictsTold(ExitCode.Broken, []), false);
        try
        {
            foreach (var scenario in scenarios)
            {
                try
                {
                    await gate.RunAsync(scenario, cancellationToken);
                }
                catch (ModuleMissingException exception)
                {
                    await Console.Error.WriteLineAsync(exception.Message);
                    isUnfit = true; // for this scenario, and perhaps not for the next one
                }
            }
        }
        finally
        {
            if (gate.Runs.Count > 0) // what was measured before a failure is told as well
            {
                told = await VerdictOutput.WriteAsync(workspace, gate, [.. gate.Runs.Select(measured => measured.Verdict)], output);
            }
        }

        if (phases)
        {
            WritePhases(gate.Runs);
        }

        told.WritePaths(gate.ReportPath, output);
        return isUnfit && (gate.Runs.Count == 0 || told.Code == ExitCode.Pass) ? ExitCode.MachineUnfit : told.Code;
    }

    /// <summary>
    /// Reads all files by which the scenarios will be judged, so that a damaged one is reported before anything is measured.
    /// </summary>
    private static async Task RequireReadableAsync(Workspace workspace, IEnumerable<Scenario> scenarios)
    {
        workspace.LoadHistory();
        foreach (var scenario in scenarios)
        {
            await Criteria.LoadAsync(workspace, scenario.Name);
        }
    }

    private static void WritePhases(IEnumerable<ScenarioRun> runs)
    {
        foreach (var run in runs)
        {
            if (run is { Scenario.Breakdown: { } breakdown, Verdict.Result: { Failure: null } result })
            {
                TerminalReport.Write(AnsiConsole.Console, breakdown, result);
            }
        }
    }

    private static IEnumerable<Scenario> WithPhases(IEnumerable<Scenario> scenarios) =>
        scenarios.Where(scenario => scenario.Breakdown is not null);

    private static string Names(IEnumerable<Scenario> scenarios) => string.Join(", ", scenarios.Select(scenario => scenario.Name));
}
