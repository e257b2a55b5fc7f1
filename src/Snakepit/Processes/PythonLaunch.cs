using System.Diagnostics;
using System.Globalization;

namespace Snakepit.Processes;

/// <summary>
/// Describes how the Python processes of one pool or template are launched: their interpreter, command line and environment.
/// </summary>
/// <param name="options">The options of the pool or template.</param>
/// <param name="interpreter">The path of the Python interpreter.</param>
/// <param name="transport">The name of the transport on the command line of Python processes.</param>
/// <param name="requirements">The Python version and packages that the interpreter must have.</param>
internal sealed class PythonLaunch(SnakepitOptions options, string interpreter, string transport, PythonRequirements requirements)
{
    public string Interpreter => interpreter;

    public PythonRequirements Requirements => requirements;

    /// <summary>The name of the adapter, as given in the options.</summary>
    public string Adapter => options.Adapter;

    /// <summary>Returns the command line and environment for the start of one process.</summary>
    /// <param name="role">The role of the process: <c>template</c> or <c>worker</c>.</param>
    /// <param name="worker">The number of the worker; 0 for the template.</param>
    /// <param name="listener">The listener to which the process opens its control channel.</param>
    public ProcessStartInfo Describe(string role, int worker, ControlListener listener)
    {
        // -P keeps Python from importing modules from the working directory, unless SettingsOf or PYTHONPATH names it.
        var start = new ProcessStartInfo(interpreter, ["-P", "-m", "snakepit_worker", role, .. SettingsOf(worker, listener)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true, // otherwise what sitecustomize prints would be output of this process
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var inherited = Environment.GetEnvironmentVariable("PYTHONPATH");
        var paths = options.ModulePaths.Append(PythonPackage.Locate()).Append(inherited);
        start.Environment["PYTHONPATH"] = string.Join(Path.PathSeparator, paths.Where(path => !string.IsNullOrEmpty(path)));
        foreach (var (name, value) in PythonEnvironment.Of(options))
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private IEnumerable<string> SettingsOf(int worker, ControlListener listener)
    {
        yield return $"control={listener.SocketPath}";
        yield return $"directory={listener.Directory}";
        yield return $"adapter={options.Adapter}";
        yield return $"transport={transport}";
        yield return $"max_payload={options.MaxPayloadBytes.ToString(CultureInfo.InvariantCulture)}";
        yield return $"worker={worker.ToString(CultureInfo.InvariantCulture)}";
        yield return $"capacity={options.MaxConcurrentCallsPerWorker.ToString(CultureInfo.InvariantCulture)}";
        if (options.ModulePaths.Count == 0)
        {
            yield return $"fallback_path={AppContext.BaseDirectory}";
            yield return $"fallback_path={Environment.CurrentDirectory}";
        }
    }
}
