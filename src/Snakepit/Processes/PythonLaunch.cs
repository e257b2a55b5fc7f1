using System.Diagnostics;
using System.Globalization;

namespace Snakepit.Processes;

/// <summary>How the Python processes of one pool or template are launched: their interpreter, command line and environment.</summary>
/// <param name="options">The options of the pool or template.</param>
/// <param name="interpreter">The Python interpreter.</param>
/// <param name="transport">The transport's name on the command line.</param>
/// <param name="requirements">What the interpreter must have.</param>
internal sealed class PythonLaunch(SnakepitOptions options, string interpreter, string transport, PythonRequirements requirements)
{
    public string Interpreter => interpreter;

    public PythonRequirements Requirements => requirements;

    /// <summary>The adapter as the options name it.</summary>
    public string Adapter => options.Adapter;

    /// <summary>Describes the start of one process.</summary>
    /// <param name="role"><c>template</c> or <c>worker</c>.</param>
    /// <param name="worker">The worker's number; 0 for the template.</param>
    /// <param name="listener">Where the process opens its control channel.</param>
    public ProcessStartInfo Describe(string role, int worker, ControlListener listener)
    {
        // -P keeps Python from importing out of the working directory, unless the options say so.
        var start = new ProcessStartInfo(interpreter, ["-P", "-m", "snakepit_worker", role, .. SettingsOf(worker, listener)])
        {
            RedirectStandardInput = true,
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
