using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text;
using Snakepit.Benchmarks.Commands;
using Snakepit.Benchmarks.Subprocesses;
using Spectre.Console;

var (output, errors) = (new UnfailingWriter(Console.Out), new UnfailingWriter(Console.Error));
if (args is not [HostCommand.Name or TraceCommand.Name, ..]) // they end when their output is closed
{
    var isUtf8 = Console.OutputEncoding.CodePage == Encoding.UTF8.CodePage;
    Console.SetOut(isUtf8 ? output : new AsciiWriter(output));
    Console.SetError(isUtf8 ? errors : new AsciiWriter(errors));
    AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
}

if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = 200; // a file or a pipe has no width, and the default width would wrap rows of tables
}

var root = new RootCommand(
    "Measures Snakepit, a pool of Python workers, side by side with a pinned revision. Results go to artifacts/performance.")
{
    RunCommand.Create(),
    LatestCommand.Create(),
    WhyCommand.Create(),
    CompareCommand.Create(),
    AcceptCommand.Create(),
    PinCommand.Create(),
    ConfirmCommand.Create(),
    ValidateCommand.Create(),
    ValidateNamingCommand.Create(),
    StudyCommand.Create(),
    ListCommand.Create(),
    HostCommand.Create(),
    TraceCommand.Create(),
};

using var ending = new CancellationTokenSource();
using var watch = args is [HostCommand.Name or TraceCommand.Name, ..] ? null : AncestorWatch.OfDotnetRun(ending.Cancel);
try
{
    // A reason may begin with @, which the parser would otherwise take for the name of a file with more arguments.
    var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
    if (args.Length > 0 && parsed.Action is ParseErrorAction error)
    {
        error.ShowHelp = false; // the line that says what is wrong would be lost in it
    }

    var code = await parsed.InvokeAsync(new InvocationConfiguration
    {
        // After Ctrl+C the program ends the host processes and removes unfinished builds, which takes a moment.
        ProcessTerminationTimeout = TimeSpan.FromSeconds(20),
        EnableDefaultExceptionHandler = false,
    }, ending.Token);
    var isBroken = parsed.Errors.Count > 0 || (output.HasFailed && code == ExitCode.Pass); // nobody could read that all is well
    return isBroken ? ExitCode.Broken : code;
}
catch (Exception exception)
{
    // The exception is an error in this program. The exit code must not be 1, because 1 means that a metric regressed.
    Console.Error.WriteLine(exception);
    return ExitCode.Broken;
}
