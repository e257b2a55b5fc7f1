using System.Diagnostics;
using System.Globalization;
using Snakepit.Memory;

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
    // Python starts faster with this than with "-m snakepit_worker", for which it first imports modules that look for the package.
    private const string Program = "from snakepit_worker.__main__ import main; main()";

    // The program may change its directory and its environment later. Processes that replace others start as those did.
    private readonly string? _directory = WorkingDirectory.Current;
    private readonly string[] _modulePaths = Absolute(options.ModulePaths);
    private readonly string[] _inherited = Absolute(Directories(Environment.GetEnvironmentVariable("PYTHONPATH")));

    public string Interpreter => interpreter;

    public PythonRequirements Requirements => requirements;

    /// <summary>The name of the adapter, as given in the options.</summary>
    public string Adapter => options.Adapter;

    /// <summary>The control group below which each worker gets one of its own; null if none does.</summary>
    public string? Cgroup => options.Limits.Cgroup;

    /// <summary>The argument on the command line that names the adapter, by which the processes of a pool can be recognised.</summary>
    public string AdapterSetting => $"adapter={options.Adapter}";

    /// <summary>The directories that Python imports from before its own: those of the options, and those in PYTHONPATH.</summary>
    public IEnumerable<string> SearchPath =>
        options.EnvironmentVariables.TryGetValue("PYTHONPATH", out var own) ? Directories(own) : [.. _modulePaths, .. _inherited];

    /// <summary>
    /// Returns the command line and environment for the start of one process, and a working directory if that of this program was deleted,
    /// or has changed since this object was made.
    /// </summary>
    /// <param name="role">The role of the process: <c>template</c> or <c>worker</c>.</param>
    /// <param name="worker">The number of the worker; 0 for the template.</param>
    /// <param name="listener">The listener to which the process opens its control channel.</param>
    /// <param name="mark">The mark of the template; null for a worker.</param>
    public ProcessStartInfo Describe(string role, int worker, ControlListener listener, TemplateMark? mark)
    {
        // -P keeps Python from importing modules from the working directory, unless SettingsOf or PYTHONPATH names it.
        var start = new ProcessStartInfo(interpreter, ["-P", "-c", Program, role, .. SettingsOf(worker, listener, mark)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true, // otherwise what sitecustomize prints would be output of this process
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (WorkingDirectory.Current is not { } current || current != (_directory ?? current))
        {
            start.WorkingDirectory = Directory.Exists(_directory) ? _directory : WorkingDirectory.Fallback;
        }

        start.Environment["PYTHONPATH"] =
            string.Join(Path.PathSeparator, (string[])[.. _modulePaths, PythonPackage.Locate(), .. _inherited]);
        foreach (var (name, value) in PythonVariables.Of(options))
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static string[] Absolute(IEnumerable<string> paths)
    {
        var current = WorkingDirectory.Current;
        return [.. paths.Select(path => Path.IsPathRooted(path) || current is null ? path : Path.GetFullPath(path, current))];
    }

    private static string[] Directories(string? path) => (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private IEnumerable<string> SettingsOf(int worker, ControlListener listener, TemplateMark? mark)
    {
        yield return $"directory={listener.Directory}";
        yield return AdapterSetting;
        yield return $"transport={transport}";
        yield return $"max_payload={options.MaxPayloadBytes.ToString(CultureInfo.InvariantCulture)}";
        yield return $"worker={worker.ToString(CultureInfo.InvariantCulture)}";
        if (mark is not null)
        {
            yield return $"mark={mark.Text}";
        }

        yield return $"capacity={options.MaxConcurrentCallsPerWorker.ToString(CultureInfo.InvariantCulture)}";
        yield return $"terminate_timeout={options.TerminateTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)}";
        foreach (var (name, value) in LimitsOf(options.Limits))
        {
            yield return $"limit={name}:{value.ToString(CultureInfo.InvariantCulture)}";
        }

        if (options.Limits.Cgroup is { } cgroup)
        {
            yield return $"cgroup={cgroup}";
            foreach (var (name, value) in options.Limits.CgroupSettings)
            {
                yield return $"cgroup_setting={name}:{value}";
            }
        }

        if (HostMemory.OfProcess.Share() is { } memory)
        {
            yield return $"host_memory={memory}";
            yield return $"memory_limit={SharedMemory.Limit.ToString(CultureInfo.InvariantCulture)}";
        }

        if (options.ModulePaths.Count == 0)
        {
            yield return $"fallback_path={AppContext.BaseDirectory}";
            if (_directory is not null)
            {
                yield return $"fallback_path={_directory}";
            }
        }
    }

    private static IEnumerable<(string Name, long Value)> LimitsOf(WorkerLimitOptions limits)
    {
        (string Name, long? Value)[] all =
        [
            ("memory", limits.MemoryBytes), ("cpu", limits.CpuTime is { } time ? (long)Math.Ceiling(time.TotalSeconds) : null),
            ("files", limits.OpenFiles), ("nice", limits.NiceLevel), ("umask", (long?)limits.Umask),
        ];
        return all.Where(limit => limit.Value is not null).Select(limit => (limit.Name, limit.Value!.Value));
    }
}
