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

var parsed = root.Parse(args);
try
{
    // Ctrl+C ends hosts and removes what is half-made before it ends this process.
    var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20), EnableDefaultExceptionHandler = false });
    return parsed.Errors.Count == 0 ? code : ExitCode.Broken;
}
catch (Exception exception)
{
    // A fault of the gate's own: whole, and by no means as a regression.
    Console.Error.WriteLine(exception);
    return ExitCode.Broken;
}
