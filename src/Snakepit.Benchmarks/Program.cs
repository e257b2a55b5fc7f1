using System.CommandLine;
using Snakepit.Benchmarks.Commands;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = 160; // a file or a pipe has no width of its own: keep rows whole
}

var root = new RootCommand("Measures Snakepit: a pool of Python workers. Results go to artifacts/performance.")
{
    RunCommand.Create(),
    LatestCommand.Create(),
    CompareCommand.Create(),
    ListCommand.Create(),
    ProbeStartCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
