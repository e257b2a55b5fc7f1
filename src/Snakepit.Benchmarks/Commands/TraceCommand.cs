using System.CommandLine;
using Snakepit.Benchmarks.Profiling.Tracing;

namespace Snakepit.Benchmarks.Commands;

/// <summary>
/// The command <c>bench trace</c>, which samples processes by ptrace. A profiled session starts this process and sends it requests over its
/// standard input.
/// </summary>
internal static class TraceCommand
{
    public const string Name = "trace";

    public static Command Create()
    {
        var command = new Command(Name, "Samples processes for 'why'.") { Hidden = true };
        command.SetAction(async (_, _) =>
        {
            await TracerLoop.RunAsync(Console.In, Console.Out);
            return ExitCode.Pass;
        });
        return command;
    }
}
