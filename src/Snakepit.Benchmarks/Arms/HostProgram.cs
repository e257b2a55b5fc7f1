using System.ComponentModel;
using System.Diagnostics;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Arms;

/// <summary>How to start a host process: the executable, its arguments and its working directory.</summary>
/// <param name="FileName">The path of the executable.</param>
/// <param name="Arguments">The arguments of the executable.</param>
/// <param name="Directory">The working directory of the process.</param>
internal sealed record HostProgram(string FileName, IReadOnlyList<string> Arguments, string Directory)
{
    /// <summary>Returns the host program of the build in <paramref name="directory"/>.</summary>
    public static HostProgram In(string directory) =>
        new(DotnetEnvironment.Muxer, ["exec", Path.Combine(directory, "Snakepit.Benchmarks.dll"), "host"], directory);

    /// <summary>Starts the program with redirected input, output and error output.</summary>
    /// <param name="side">The side that the host belongs to.</param>
    /// <param name="python">The Python interpreter for the workers of the host.</param>
    /// <param name="settled">
    /// True if the host shall reach the speed of a long-running program within a fraction of a second
    /// (<see cref="DotnetEnvironment.Settle"/>).
    /// </param>
    /// <param name="setUp">Sets further environment variables; null to set none.</param>
    public Process Start(Side side, string python, bool settled, Action<IDictionary<string, string?>>? setUp)
    {
        var start = new ProcessStartInfo(FileName, Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Directory,
        };
        DotnetEnvironment.KeepForHost(start.Environment);
        if (settled)
        {
            DotnetEnvironment.Settle(start.Environment);
        }

        start.Environment[PythonLocator.Variable] = python;
        setUp?.Invoke(start.Environment);
        InheritedFiles.KeepFromChildren();
        var process = new Process { StartInfo = start };
        try
        {
            process.Start();
            return process;
        }
        catch (Win32Exception exception)
        {
            process.Dispose();
            throw new ArmLostException(side, $"cannot be started in {Directory}: {exception.Message}", exception);
        }
    }
}
