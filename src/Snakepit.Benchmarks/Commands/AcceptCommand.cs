using System.CommandLine;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Samples;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary>The command <c>bench accept [SCENARIO…] --reason "…"</c>, which accepts the baselines that the last run proposed.</summary>
internal static class AcceptCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("scenario")
        {
            Description = "Which; all if none is named. A scenario that was removed can be named too: its baseline is then deleted.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var reason = new Option<string>("--reason")
        {
            Description = "Why the new ratios are right; it goes into the baseline.",
            Required = true,
            CustomParser = CommandLineValues.Reason,
        };
        var command = new Command("accept", "Makes what the last run received the verified baseline.") { names, reason };
        command.SetAction((parsed, _) => CommandRunner.RunAsync(() => Task.FromResult(Accept(
            Workspace.Current,
            parsed.GetValue(names) ?? [],
            parsed.GetRequiredValue(reason).Trim(),
            RunningProgram.RequireUpToDate().Checksum))));
        return command;
    }

    /// <summary>
    /// Accepts the proposed (received) baselines of the named scenarios, or of all scenarios if there are no names. If one of the baselines
    /// must not be accepted, none is accepted.
    /// </summary>
    /// <param name="workspace">The repository.</param>
    /// <param name="names">The names of the scenarios.</param>
    /// <param name="reason">Why the new ratios are right.</param>
    /// <param name="sources">The checksum of the sources that are built now.</param>
    internal static int Accept(Workspace workspace, string[] names, string reason, string sources)
    {
        // A baseline is deleted only by its name: another branch may have a scenario that this one lacks.
        var removed = AcceptedNames.WithoutScenario(workspace).Where(names.Contains).ToList();
        string[] named = [.. names.Except(removed)];
        if (named.FirstOrDefault(name => !ScenarioNames.Exists(name)) is { } unknown)
        {
            Console.Error.WriteLine($"There is no scenario '{unknown}', and no baseline of that name.");
            return ExitCode.Broken;
        }

        var policy = workspace.LoadPolicy();
        var accepted = new List<(Snapshot Snapshot, Baseline Baseline)>();
        foreach (var scenario in named is [] && names is not [] ? [] : ScenarioNames.Selected(named))
        {
            var snapshot = workspace.BaselineSnapshot(scenario.Name);
            if (File.Exists(snapshot.ReceivedPath))
            {
                var received = Baseline.Load(snapshot.ReceivedPath, scenario.Name);
                if (Acceptance.Refusal(received, workspace.LoadBaseline(scenario.Name), policy, sources) is { } refusal)
                {
                    Console.Error.WriteLine($"Refused: {refusal}");
                    return ExitCode.MachineUnfit;
                }

                accepted.Add((snapshot, received with { Reason = reason, Sources = null, Basis = null }));
            }
            else if (names.Length > 0)
            {
                Console.Error.WriteLine(
                    $"There is nothing to accept for {scenario.Name}: {snapshot.ReceivedPath} does not exist. "
                    + "It is written by a run that finds something not as accepted.");
                return ExitCode.Broken;
            }
        }

        foreach (var (snapshot, baseline) in accepted)
        {
            WriteChanges(baseline, workspace.LoadBaseline(baseline.Scenario));
            AtomicFile.Write(snapshot.VerifiedPath, baseline.ToText());
            snapshot.Withdraw();
        }

        foreach (var name in removed)
        {
            File.Delete(workspace.BaselineSnapshot(name).VerifiedPath);
            AnsiConsole.WriteLine($"{name}: removed. Give the reason in the commit as well: {reason}");
        }

        var nothing = accepted.Count + removed.Count == 0;
        AnsiConsole.WriteLine(nothing ? "There is nothing to accept." : "Commit it together with the change that causes it.");
        return ExitCode.Pass;
    }

    private static void WriteChanges(Baseline now, Baseline? before)
    {
        AnsiConsole.WriteLine($"{now.Scenario}:");
        foreach (var change in now.ChangesFrom(before))
        {
            if (change.Now is { } accepted)
            {
                var old = change.Before is { } value ? $"{ShortNumber.Format(value)} → " : "";
                AnsiConsole.WriteLine($"  {change.Key}: {(change.IsCount ? "" : $"ratio to the pin {old}")}{ShortNumber.Format(accepted)}");
            }
            else
            {
                AnsiConsole.WriteLine($"  {change.Key}: removed");
            }
        }
    }
}
