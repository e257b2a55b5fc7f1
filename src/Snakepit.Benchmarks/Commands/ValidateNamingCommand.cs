using System.CommandLine;
using System.Globalization;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Validation;
using Snakepit.Benchmarks.Validation.Naming;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary>
/// The command <c>bench validate-naming [--only PART…]</c>, which makes functions of the product slower, one at a time, and checks that
/// the profiled session names them.
/// </summary>
internal static class ValidateNamingCommand
{
    // Of twelve slower functions, one may not be named first, and of all functions that were found, no growth may be far off.
    private const double FewestRight = 11.0 / 12;

    public static Command Create()
    {
        var only = new Option<string[]>("--only")
        {
            Description = "Only trials whose names contain one of these.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command(
            "validate-naming",
            "Makes functions slower, one at a time, and checks that a profiled session names each. Takes half an hour.")
        {
            only,
        };
        command.Validators.Add(result =>
        {
            foreach (var part in (result.GetValue(only) ?? []).Where(part => Selected([part]).Count == 0))
            {
                result.AddError($"There is no trial whose name contains '{part}'; there are: "
                    + $"{string.Join("; ", NamingTrials.All.Select(trial => trial.Name).Distinct())}.");
            }
        });
        command.SetAction((parsed, cancellationToken) =>
            CommandRunner.RunAsync(() => ValidateAsync(Selected(parsed.GetValue(only) ?? []), cancellationToken)));
        return command;
    }

    private static List<NamingTrial> Selected(string[] parts) =>
    [
        .. NamingTrials.All.Where(trial => parts.Length == 0
            || Array.Exists(parts, part => trial.Name.Contains(part, StringComparison.OrdinalIgnoreCase))),
    ];

    private static async Task<int> ValidateAsync(List<NamingTrial> trials, CancellationToken cancellationToken)
    {
        var workspace = Workspace.Current;
        Action<string> progress = Console.Error.WriteLine;
        RunningProgram.RequireUpToDate();
        using var quiet = await QuietMachine.TakeAsync(workspace.Artifacts, progress, cancellationToken);
        var session = new NamingSession(
            workspace, await IdenticalSides.RequireAsync(workspace), await ThisMachine.PythonAsync(), progress);
        var outcomes = new List<NamingOutcome>();
        foreach (var trial in trials)
        {
            var outcome = await session.RunAsync(trial, cancellationToken);
            outcomes.Add(outcome);
            progress($"{outcomes.Count} of {trials.Count}: {trial.Name}: {TextOf(outcome)}");
        }

        return Judge(outcomes);
    }

    private static string TextOf(NamingOutcome outcome)
    {
        var wrong = string.Join(", ", outcome.Wrong.Select(growth => string.Create(
            CultureInfo.InvariantCulture, $"{growth.Function.Function} {growth.Growth:+0.0;-0.0} µs")));
        if (outcome.Trial.IsIdentical)
        {
            return wrong.Length == 0 ? "nothing named" : $"named {wrong}";
        }

        var place = outcome.Rank == 0 ? "not named" : $"place {outcome.Rank}";
        return string.Create(CultureInfo.InvariantCulture, $"{place}, {outcome.Growth:0.0} µs")
            + (wrong.Length == 0 ? "" : $"; also named {wrong}");
    }

    private static int Judge(List<NamingOutcome> outcomes)
    {
        var slower = outcomes.FindAll(outcome => !outcome.Trial.IsIdentical);
        var identical = outcomes.FindAll(outcome => outcome.Trial.IsIdentical);
        AnsiConsole.WriteLine($"Named first: {slower.Count(outcome => outcome.IsRight)} of {slower.Count} slower functions, "
            + $"{slower.Count(outcome => outcome.IsAsLarge)} of them with the growth that was added.");
        AnsiConsole.WriteLine($"Named nothing: {identical.Count(outcome => outcome.IsRight)} of {identical.Count} identical sides.");
        return slower.Count(outcome => outcome.IsRight) >= slower.Count * FewestRight && identical.TrueForAll(outcome => outcome.IsRight)
            ? ExitCode.Pass
            : ExitCode.Regression;
    }
}
