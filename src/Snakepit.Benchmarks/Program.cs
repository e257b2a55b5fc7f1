using System.CommandLine;
using Snakepit.Benchmarks.Commands;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = 200; // a file or a pipe has no width of its own: keep rows whole
}

var root = new RootCommand("Measures Snakepit, a pool of Python workers, side by side with a pinned revision. Results go to artifacts/performance.")
{
    RunCommand.Create(),
    LatestCommand.Create(),
    CompareCommand.Create(),
    AcceptCommand.Create(),
    PinCommand.Create(),
    ConfirmCommand.Create(),
    ValidateCommand.Create(),
    StudyCommand.Create(),
    ListCommand.Create(),
    HostCommand.Create(),
};

// Ctrl+C ends hosts and removes what is half-made before it ends this process.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
