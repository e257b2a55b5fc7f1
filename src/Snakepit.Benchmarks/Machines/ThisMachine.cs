using System.Globalization;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Measurement.Runs;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Machines;

/// <summary>Describes the machine that this program runs on, and finds its Python interpreter.</summary>
internal static class ThisMachine
{
    // A Python program that prints the minor versions of Python and grpcio, such as "3.11 1.51". Patch versions are left out, because they
    // have no effect on the cost of calls.
    private const string PrintVersions =
        "import sys, grpc; print('%d.%d' % sys.version_info[:2], '.'.join(grpc.__version__.split('.')[:2]))";

    private static PythonRequirements Requirements => Transports.Of(WorkerTransport.Grpc).Requirements;

    /// <summary>Returns the load average: how many processes ran or waited for a processor, on average, during the last minute.</summary>
    public static double LoadAverage() =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>Returns the path of the Python interpreter for workers.</summary>
    /// <exception cref="PythonNotFoundException">There is no suitable interpreter.</exception>
    public static Task<string> PythonAsync() => PythonLocator.LocateAsync(configured: null, Requirements, CancellationToken.None);

    /// <summary>Returns the machine's profile: the hardware and the software versions on which figures in milliseconds depend.</summary>
    /// <exception cref="PythonNotFoundException">There is no suitable interpreter.</exception>
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
