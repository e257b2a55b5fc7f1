using System.CommandLine;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Validation;
using Snakepit.Benchmarks.Validation.Trials;

namespace Snakepit.Benchmarks.Commands;

/// <summary>
/// The command <c>bench validate [SCENARIO…] [--restart] [--minutes N] [--only PART…]</c>, which runs trials to show that the gate judges
/// correctly.
/// </summary>
internal static class ValidateCommand
{
    private const int DefaultMinutes = 600;
    private const int LongestMinutes = 1_000_000;

    public static Command Create()
    {
        var names = ScenarioNames.Argument();
        var restart = new Option<bool>("--restart")
        {
            Description = "Begin anew instead of going on where the last validation stopped.",
            Arity = ArgumentArity.Zero,
        };
        var minutes = new Option<int?>("--minutes")
        {
            Description = "Begin no further session after so many minutes, 600 by default; 0 only shows what was done.",
            CustomParser = CommandLineValues.Number(0, LongestMinutes),
        };
        var only = new Option<string[]>("--only")
        {
            Description = "Only trials whose names contain one of these.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command(
            "validate",
            "Validates the gate live, scenario by scenario: sessions on identical code must find nothing, "
            + "and injected faults must be found. Takes hours for all; goes on where it stopped.")
        {
            names, restart, minutes, only,
        };
        command.Validators.Add(result =>
        {
            var scenarios = Selected(result.GetValue(names) ?? [], []);
            foreach (var name in (result.GetValue(names) ?? []).Where(ScenarioNames.Exists).Where(name => Selected([name], []).Count == 0))
            {
                result.AddError($"{name} has no trials yet, so there is nothing to validate.");
            }

            foreach (var part in result.GetValue(only) ?? [])
            {
                var trials = scenarios.SelectMany(scenario => scenario.Trials).ToList();
                if (!trials.Exists(trial => IsNamed(trial, [part])))
                {
                    var known = string.Join("; ", trials.Select(trial => trial.Name).Distinct());
                    result.AddError($"There is no trial whose name contains '{part}'; there are: {known}.");
                }
            }
        });
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(() => ValidateAsync(
            Selected(parsed.GetValue(names) ?? [], parsed.GetValue(only) ?? []),
            parsed.GetValue(restart),
            TimeSpan.FromMinutes(parsed.GetValue(minutes) ?? DefaultMinutes),
            cancellationToken)));
        return command;
    }

    /// <summary>
    /// Returns the named scenarios with their trials whose names contain one of <paramref name="parts"/>. Without names, it returns all
    /// scenarios; without parts, all of their trials.
    /// </summary>
    private static IReadOnlyList<ScenarioTrials> Selected(string[] names, string[] parts)
    {
        var scenarios = ScenarioNames.Selected(names).Select(scenario => scenario.Name).ToHashSet();
        return
        [
            .. AllTrials.All
                .Where(one => scenarios.Contains(one.Name))
                .Select(one => one with { Trials = [.. one.Trials.Where(trial => IsNamed(trial, parts))] })
                .Where(one => !one.Trials.IsEmpty),
        ];
    }

    private static bool IsNamed(Trial trial, string[] parts) =>
        parts.Length == 0 || Array.Exists(parts, part => trial.Name.Contains(part, StringComparison.OrdinalIgnoreCase));

    private static async Task<int> ValidateAsync(
        IReadOnlyList<ScenarioTrials> selected, bool restart, TimeSpan limit, CancellationToken cancellationToken)
    {
        var (workspace, path) = (Workspace.Current, ValidationRecord.PathIn(Workspace.Current));
        Action<string> progress = Console.Error.WriteLine;
        RunningProgram.RequireUpToDate();
        Directory.CreateDirectory(workspace.Artifacts);
        using var alone = await SuiteLock.TakeAsync(Path.Combine(workspace.Artifacts, "validation.lock"), progress, cancellationToken);
        var commit = await IdenticalSides.RequireAsync(workspace);
        var keys = await ScenarioKeys.OfAsync(workspace, commit, AllTrials.All.Select(one => one.Scenario));
        var record = ValidationRecord.Load(path, keys);
        var loop = new ValidationLoop(path, new ValidationSession(workspace, commit, progress).RunAsync, progress, TimeProvider.System);
        record = await loop.RunAsync(restart ? record.Without(selected) : record, selected, limit, cancellationToken);
        ValidationTable.Write(record, selected);
        return record.StateOf(selected) switch
        {
            ValidationState.Proven => ExitCode.Pass,
            ValidationState.Open => ExitCode.MachineUnfit,
            _ => ExitCode.Regression,
        };
    }
}
