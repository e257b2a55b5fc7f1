using System.CommandLine;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Benchmarks.Studies;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary>The command <c>bench list</c>, which lists the scenarios, the studies and the saved results.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Lists scenarios, studies and kept results.");
        command.SetAction(_ =>
        {
            foreach (var scenario in AllScenarios.All)
            {
                AnsiConsole.WriteLine($"run   {scenario.Name,-12} {scenario.Description}");
            }

            foreach (var study in AllStudies.All)
            {
                AnsiConsole.WriteLine($"study {study.Name,-12} {study.Description}");
            }

            foreach (var path in Workspace.Current.Runs.List())
            {
                AnsiConsole.WriteLine(path);
            }

            return ExitCode.Pass;
        });
        return command;
    }
}
