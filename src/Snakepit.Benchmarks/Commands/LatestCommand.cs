using System.CommandLine;
using Snakepit.Measurement.Runs;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary><c>bench latest</c></summary>
internal static class LatestCommand
{
    public static Command Create()
    {
        var command = new Command("latest", "Shows the newest result.");
        command.SetAction(_ =>
        {
            var workspace = Workspace.Current;
            if (workspace.Runs.List() is not [var newest, ..])
            {
                AnsiConsole.WriteLine("Nothing has been measured yet: use 'run'.");
                return ExitCode.NotComparable;
            }

            return Reading.Run(() => ResultTable.Write(workspace, RunStore.Load(newest)));
        });
        return command;
    }
}
