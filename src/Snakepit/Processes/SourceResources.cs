using Microsoft.Extensions.Logging;
using Snakepit.Telemetry;

namespace Snakepit.Processes;

/// <summary>
/// What all Python processes of one source share: where they meet this process, how what they print gets to the logger, and who ends what they
/// leave behind.
/// </summary>
internal sealed class SourceResources : IAsyncDisposable
{
    private readonly ILogger _templateLogger, _workerLogger;
    private readonly OutputLog _printed;
    private readonly OrphanReaper _orphans;

    public SourceResources(SnakepitOptions options, string interpreter)
    {
        (Options, Interpreter) = (options, interpreter);
        _templateLogger = GuardedLogger.Create(options.LoggerFactory, "Snakepit.Template");
        _workerLogger = GuardedLogger.Create(options.LoggerFactory, "Snakepit.Worker");
        _printed = new OutputLog(_workerLogger);
        _orphans = new OrphanReaper(_workerLogger);
        Listener = new ControlListener(); // the last: it would be left behind if another one failed
    }

    public SnakepitOptions Options { get; }

    public string Interpreter { get; }

    public ControlListener Listener { get; }

    /// <summary>What a worker prints.</summary>
    public OutputTail OutputOf(int worker) => new(_printed.To(line => _workerLogger.WorkerOutput(worker, line)));

    /// <summary>Starts the template; its control channel will be that of worker 0.</summary>
    /// <exception cref="PythonNotFoundException">The interpreter cannot be executed.</exception>
    public (PythonProcess Process, Task<ControlConnection> Control) StartTemplate() =>
        Start("template", worker: 0, new PythonSettings(Options, Listener), new OutputTail(_printed.To(line => _templateLogger.TemplateOutput(line))));

    /// <summary>Starts a worker in an interpreter of its own.</summary>
    /// <exception cref="PythonNotFoundException">The interpreter cannot be executed.</exception>
    public (PythonProcess Process, Task<ControlConnection> Control) StartWorker(int worker) =>
        Start("worker", worker, new PythonSettings(Options, Listener, worker), OutputOf(worker));

    /// <summary>Returns when what processes have left behind is ended and what they have printed is logged, or when either takes too long.</summary>
    public async Task SettleAsync()
    {
        await _orphans.SettleAsync();
        await _printed.FlushAsync();
    }

    /// <summary>After the end of all processes.</summary>
    public async ValueTask DisposeAsync()
    {
        await SettleAsync();
        await Listener.DisposeAsync();
        _printed.Complete();
    }

    private (PythonProcess Process, Task<ControlConnection> Control) Start(string role, int worker, PythonSettings settings, OutputTail output)
    {
        var control = Listener.Expect(worker);
        var process = PythonProcess.Start(Interpreter, role, settings, Options, output, _orphans);
        Listener.ForgetAfter(process.Exited, worker, control);
        return (process, control);
    }
}
