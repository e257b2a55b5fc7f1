using System.CommandLine;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Studies;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary>
/// The command <c>bench study STUDY… [--rounds N] [--seed N]</c>, which measures studies: comparisons that need no baseline.
/// </summary>
internal static class StudyCommand
{
    public static Command Create()
    {
        var names = ScenarioNames.Argument("study", AllStudies.All, ArgumentArity.OneOrMore);
        var rounds = new Option<int?>("--rounds")
        {
            Description = "How many rounds, each in a fresh process; each study has its default.",
            CustomParser = CommandLineValues.Rounds(Study.FewestRounds),
        };
        var seed = new Option<int?>("--seed")
        {
            Description = "The seed of every random choice.",
            CustomParser = CommandLineValues.Seed,
        };
        var command = new Command(
            "study", "Compares ways of doing the same with each other, in the same rounds, and says whether what is claimed of them holds.")
        {
            names, rounds, seed,
        };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(() => RunAsync(
            ScenarioNames.Selected(AllStudies.All, parsed.GetValue(names)),
            parsed.GetValue(rounds),
            new GateOptions { Seed = parsed.GetValue(seed) ?? GateOptions.NewSeed() },
            cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(
        IReadOnlyList<Study> studies, int? rounds, GateOptions options, CancellationToken cancellationToken)
    {
        RunningProgram.RequireUpToDate();
        await using var gate = await PerformanceGate.OpenAsync(Workspace.Current, options, Console.Error.WriteLine, cancellationToken);
        var files = new OutputFiles();
        try
        {
            foreach (var study in studies)
            {
                TerminalReport.Write(AnsiConsole.Console, await gate.RunAsync(study, rounds, cancellationToken));
            }
        }
        finally
        {
            if (gate.Studies.Count > 0)
            {
                var run = gate.Result();
                files = gate.Save(run);
                gate.AddToJobSummary(run);
            }
        }

        var claims = gate.Studies.SelectMany(run => run.Claims);
        var code = ExitCode.With(ExitCode.OfClaims(claims), files, Console.Error.WriteLine);
        new VerdictsTold(code, files.Written).WritePaths(gate.ReportPath);
        return code;
    }
}
