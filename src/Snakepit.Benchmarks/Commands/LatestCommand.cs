using System.CommandLine;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Runs;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary><c>bench latest</c></summary>
internal static class LatestCommand
{
    public static Command Create()
    {
        var command = new Command("latest", "Shows the newest result, judged by what is accepted now; the exit code says the verdict.");
        command.SetAction((_, _) => Telling.RunAsync(async () =>
        {
            var workspace = Workspace.Current;
            if (workspace.Runs.List() is not [var newest, ..])
            {
                AnsiConsole.WriteLine("Nothing has been measured yet: use 'run'.");
                return ExitCode.Broken;
            }

            var run = RunStore.Load(newest);
            var verdicts = await Reporter.JudgeAsync(workspace, run);
            Reporter.Write(workspace, run, verdicts);
            return Reporter.ExitCodeOf(verdicts);
        }));
        return command;
    }
}
