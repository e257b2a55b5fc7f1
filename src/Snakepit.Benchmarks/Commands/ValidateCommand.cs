using System.CommandLine;
using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Benchmarks.Validation;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary><c>bench validate [--restart] [--minutes N] [--only PART…]</c></summary>
internal static class ValidateCommand
{
    private static readonly string[] JudgedBy = ["baselines/policy.json", .. AllScenarios.All.Select(scenario => $"baselines/{scenario.Name}.verified.json")];

    /// <summary>
    /// The gate that is validated: another one begins anew. Of the pool it measures both sides are the same whatever it is, and each outcome names its
    /// revision; studies take no part; documents and expectations change no session.
    /// </summary>
    internal static readonly string[] Validated =
    [
        "src/Snakepit.Measurement", "src/Snakepit.Benchmarks", .. JudgedBy,
        ":(exclude)*.md", ":(exclude)src/Snakepit.Benchmarks/Studies", ":(exclude)src/Snakepit.Benchmarks/Gate/Expectation.cs",
    ];

    /// <summary>What both sides of a session are made of, and judged by: the working tree's must be its commit's, all of it.</summary>
    internal static readonly string[] Measured =
    [
        "src", "priv/python", "protos", "eng", "Directory.Build.props", "Directory.Packages.props", "global.json", .. JudgedBy,
    ];

    // What breaks one session may be an accident; what breaks the next one as well is not.
    private const int MostBroken = 2;

    public static Command Create()
    {
        var restart = new Option<bool>("--restart") { Description = "Begin anew instead of going on where the last validation stopped." };
        var minutes = new Option<int>("--minutes") { Description = "Begin no further session after so many minutes.", DefaultValueFactory = _ => 600 };
        var only = new Option<string[]>("--only") { Description = "Only trials whose names contain one of these.", Arity = ArgumentArity.OneOrMore };
        only.Validators.Add(result =>
        {
            foreach (var part in result.GetValueOrDefault<string[]>() ?? [])
            {
                if (Selected([part]).Count == 0)
                {
                    result.AddError($"There is no trial whose name contains '{part}'; there are: {string.Join("; ", Trial.All.Select(trial => trial.Name))}.");
                }
            }
        });
        var command = new Command("validate", "Validates the gate live: sessions on identical code must be silent, injected faults must be found. Takes hours; goes on where it stopped.")
        {
            restart, minutes, only,
        };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(() => ValidateAsync(
            parsed.GetValue(restart), TimeSpan.FromMinutes(parsed.GetValue(minutes)), Selected(parsed.GetValue(only) ?? []), cancellationToken)));
        return command;
    }

    private static IReadOnlyList<Trial> Selected(string[] parts) =>
        [.. Trial.All.Where(trial => parts.Length == 0 || Array.Exists(parts, part => trial.Name.Contains(part, StringComparison.OrdinalIgnoreCase)))];

    private static async Task<int> ValidateAsync(bool restart, TimeSpan limit, IReadOnlyList<Trial> trials, CancellationToken cancellationToken)
    {
        var (workspace, began) = (Workspace.Current, TimeProvider.System.GetTimestamp());
        Directory.CreateDirectory(workspace.Artifacts);
        using var alone = await SuiteLock.TakeAsync(Path.Combine(workspace.Artifacts, "validation.lock"), Console.Error.WriteLine, cancellationToken);
        var commit = await IdenticalAsync(workspace);
        var (path, gate) = (ValidationRecord.PathIn(workspace), await workspace.Git.HashAsync(commit, Validated));
        var validation = restart ? new ValidationRecord(gate, []) : ValidationRecord.Load(path, gate);
        Calibration? calibration = null;
        for (var broken = 0; broken < MostBroken && validation.Next(trials) is { } trial && TimeProvider.System.GetElapsedTime(began) < limit;)
        {
            calibration ??= await CalibrateAsync(cancellationToken);
            var outcome = await SessionAsync(workspace, commit, trial, calibration.FaultOf(trial), cancellationToken);
            if (await IdenticalAsync(workspace) != commit)
            {
                throw new NotComparableException("another revision was checked out and built meanwhile", "validate it anew");
            }

            broken = outcome.HasVerdict ? 0 : broken + 1;
            validation = validation with { Outcomes = validation.Outcomes.Add(outcome) };
            validation.Save(path);
            Console.Error.WriteLine($"{trial.Name}: {outcome.Outcome}{string.Concat(outcome.Regressed.Take(3).Concat(outcome.Problems).Select(told => $", {told}"))}, {outcome.Seconds} s");
        }

        return Tell(validation, trials);
    }

    /// <summary>The commit that the working tree's build and sources are those of, so that both sides can be the same code.</summary>
    private static async Task<string> IdenticalAsync(Workspace workspace)
    {
        var commit = await workspace.Git.HeadAsync();
        return commit.Length > 0 && await workspace.Git.HasSourcesOfAsync(commit, Measured) && CandidateBuild.Revision == commit
            ? commit
            : throw new NotComparableException(
                $"a validation needs identical code on both sides, and the working tree differs from its commit, or what was built is {CandidateBuild.Revision} and not {commit}",
                "commit, build and validate again");
    }

    private static async Task<TrialOutcome> SessionAsync(Workspace workspace, string commit, Trial trial, Fault fault, CancellationToken cancellationToken)
    {
        var options = new GateOptions { Pin = commit, Fault = fault, Store = new RunStore(Path.Combine(workspace.Artifacts, "validation")) };
        await using var gate = await PerformanceGate.OpenAsync(workspace, options, Console.Error.WriteLine, cancellationToken);
        using var neighbour = trial.IsLoaded ? new BusyCore() : null;
        var start = TimeProvider.System.GetTimestamp();
        foreach (var scenario in ScenarioNames.Selected([.. trial.Scenarios]))
        {
            await gate.RunAsync(scenario, cancellationToken);
        }

        var run = await gate.SaveAsync();
        return TrialOutcome.Of(trial, [.. gate.Runs.Select(measured => measured.Verdict)], fault.Amount, commit, run.Machine.Key, TimeProvider.System.GetElapsedTime(start));
    }

    /// <summary>Measures what the faults are shares of, while no suite measures anything.</summary>
    private static async Task<Calibration> CalibrateAsync(CancellationToken cancellationToken)
    {
        const int Most = 16;
        const int Workers = 8;
        Console.Error.WriteLine("calibrating");
        using var quiet = await SuiteLock.TakeAsync(SuiteLock.MachineWide, Console.Error.WriteLine, cancellationToken);
        await using var arm = await Arm.StartAsync(Side.Candidate, CandidateBuild.Directory, await ThisMachine.PythonAsync(), settled: true, cancellationToken);
        var starts = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            starts.Add((await arm.RunAsync(new StartSlot(Most), cancellationToken)).Ms);
            await arm.RunAsync(new StopSlot(), cancellationToken);
        }

        await arm.RunAsync(new StartSlot(Workers), cancellationToken);
        await arm.RunAsync(new ClosedLoopSlot(Callers: Workers, Milliseconds: 1_000), cancellationToken);
        var calls = await arm.RunAsync(new ClosedLoopSlot(Callers: 20, Milliseconds: 2_000), cancellationToken);
        return new Calibration(calls.HostCpuUs + calls.WorkerCpuUs, calls.Bytes, starts.Min());
    }

    /// <summary>Prints the confusion table and returns the exit code.</summary>
    private static int Tell(ValidationRecord validation, IReadOnlyList<Trial> trials)
    {
        var table = new Table().SimpleBorder().AddColumns(
            "trial", "sessions", "passed", "regressed", "target missed", "inconclusive", "not comparable", "broken", "named first", "as expected", "minutes");
        foreach (var trial in trials)
        {
            var outcomes = validation.Of(trial).ToList();
            string[] cells =
            [
                trial.Name,
                $"{outcomes.Count(outcome => outcome.HasVerdict)} of {trial.Sessions}",
                Count(outcome => outcome.Outcome == GateOutcome.Passed),
                Count(outcome => outcome.Outcome == GateOutcome.Regressed),
                Count(outcome => !outcome.Missed.IsEmpty),
                Count(outcome => outcome.Outcome == GateOutcome.Inconclusive),
                Count(outcome => outcome.Outcome == GateOutcome.NotComparable),
                Count(outcome => outcome.Outcome == GateOutcome.Broken),
                string.Join(", ", outcomes.Select(outcome => outcome.Regressed.FirstOrDefault("").Split(' ')[0]).Where(name => name.Length > 0).Distinct()),
                outcomes.Count == 0 ? "" : $"{outcomes.Count(trial.IsRight)} of {outcomes.Count(outcome => outcome.HasVerdict)}",
                outcomes.Count == 0 ? "" : ShortNumber.Format(outcomes.Average(outcome => outcome.Seconds) / 60),
            ];
            table.AddRow(cells.Select(cell => new Text(cell)));

            string Count(Func<TrialOutcome, bool> wanted) => outcomes.Count(wanted) is > 0 and var count ? $"{count}" : "";
        }

        AnsiConsole.Write(table);
        return validation.StateOf(trials) switch
        {
            ValidationState.Proven => ExitCode.Pass,
            ValidationState.Open => ExitCode.MachineUnfit,
            _ => ExitCode.Regression,
        };
    }
}
