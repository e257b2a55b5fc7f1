using System.CommandLine;
using Snakepit.Benchmarks.Host;

namespace Snakepit.Benchmarks.Commands;

/// <summary>
/// The command <c>bench host</c>, which runs the benchmark host: the process that measures one side of a comparison. Other commands start
/// this process and send it requests over its standard input.
/// </summary>
internal static class HostCommand
{
    public const string Name = "host";

    public static Command Create()
    {
        var command = new Command(Name, "Serves slots over standard input and output; what 'run' starts for each side.")
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
