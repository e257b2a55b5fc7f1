using System.Globalization;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Measurement.Runs;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Machines;

/// <summary>The machine that this program runs on, with its Python.</summary>
internal static class ThisMachine
{
    // Prints, for example, "3.11 1.51": minor versions, because patches do not change what calls cost.
    private const string PrintVersions =
        "import sys, grpc; print('%d.%d' % sys.version_info[:2], '.'.join(grpc.__version__.split('.')[:2]))";

    private static PythonRequirements Requirements => Transports.Of(WorkerTransport.Grpc).Requirements;

    /// <summary>The average number of processes that ran or wanted to run during the last minute.</summary>
    public static double LoadAverage() =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>The interpreter that workers run on.</summary>
    /// <exception cref="PythonNotFoundException">There is none.</exception>
    public static Task<string> PythonAsync() => PythonLocator.LocateAsync(configured: null, Requirements, CancellationToken.None);

    /// <summary>The hardware and the versions that figures in milliseconds depend on.</summary>
    /// <exception cref="PythonNotFoundException">There is no interpreter.</exception>
    /// <exception cref="PythonRuntimeException">The interpreter lacks a package that workers need.</exception>
    public static async Task<MachineProfile> ProfileAsync()
    {
        var interpreter = await PythonAsync();
        var answer = await Subprocess.RunAsync(interpreter, ["-c", PrintVersions], CancellationToken.None);
        if (answer.ExitCode != 0)
        {
            throw Requirements.NotMet(interpreter, answer.Errors);
        }

        var versions = answer.Output.Trim().Split(' ');
        return MachineProfile.Current(new Dictionary<string, string> { ["python"] = versions[0], ["grpcio"] = versions[1] });
    }
}
