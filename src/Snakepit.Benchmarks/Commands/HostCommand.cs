using System.CommandLine;
using Snakepit.Benchmarks.Host;

namespace Snakepit.Benchmarks.Commands;

/// <summary>
/// <c>bench host</c>: the process of one side of a comparison. Other commands start it and drive it over standard input and output.
/// </summary>
internal static class HostCommand
{
    public static Command Create()
    {
        var command = new Command("host", "Serves slots over standard input and output; what 'run' starts for each side.")
        {
            Hidden = true,
        };
        command.SetAction(async (_, _) =>
        {
            await HostLoop.RunAsync(Console.In, Console.Out);
            return ExitCode.Pass;
        });
        return command;
    }
}
