using System.Diagnostics;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Arms;

/// <summary>The program of a host process.</summary>
/// <param name="FileName">The executable.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Directory">Its working directory.</param>
internal sealed record HostProgram(string FileName, IReadOnlyList<string> Arguments, string Directory)
{
    /// <summary>The host of the build in a directory.</summary>
    public static HostProgram In(string directory) =>
        new(DotnetEnvironment.Muxer, ["exec", Path.Combine(directory, "Snakepit.Benchmarks.dll"), "host"], directory);

    /// <summary>Starts the program with redirected input, output and error output.</summary>
    /// <param name="python">The interpreter for its workers.</param>
    /// <param name="settled">Whether its methods are compiled for good at once (<see cref="DotnetEnvironment.Settle"/>).</param>
    public Process Start(string python, bool settled)
    {
        var start = new ProcessStartInfo(FileName, Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Directory,
        };
        DotnetEnvironment.Clean(start.Environment);
        if (settled)
        {
            DotnetEnvironment.Settle(start.Environment);
        }

        start.Environment[PythonLocator.Variable] = python;
        var process = new Process { StartInfo = start };
        process.Start();
        return process;
    }
}
