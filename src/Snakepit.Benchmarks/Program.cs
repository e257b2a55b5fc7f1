using System.CommandLine;
using Snakepit.Benchmarks.Commands;

var root = new RootCommand("Measures Snakepit: a pool of Python workers. Results go to artifacts/performance.")
{
    RunCommand.Create(),
    LatestCommand.Create(),
    CompareCommand.Create(),
    ListCommand.Create(),
    ProbeStartCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
