using System.CommandLine;
using Snakepit.Benchmarks.Probes;

namespace Snakepit.Benchmarks.Commands;

/// <summary><c>bench probe-start WORKERS</c>: what the startup scenario runs in a fresh process.</summary>
internal static class ProbeStartCommand
{
    public static Command Create()
    {
        var workers = new Argument<int>("workers");
        var command = new Command(FreshStart.Verb, "Starts a pool once and prints the milliseconds.") { Hidden = true, Arguments = { workers } };
        command.SetAction((parsed, _) => FreshStart.RunAsync(parsed.GetValue(workers)));
        return command;
    }
}
