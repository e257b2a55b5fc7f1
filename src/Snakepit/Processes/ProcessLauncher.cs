using Microsoft.Extensions.Logging;
using Snakepit.Contracts.Exceptions;
using Snakepit.Telemetry;

namespace Snakepit.Processes;

/// <summary>
/// Starts the Python processes of one pool or template. The launcher owns what these processes share: the listener for their control
/// channels and the log of their output.
/// </summary>
internal sealed class ProcessLauncher : IAsyncDisposable
{
    private readonly ILogger _templateLogger, _workerLogger;
    private readonly OutputLog _outputLog;

    public ProcessLauncher(PythonLaunch launch, ILoggerFactory loggers)
    {
        Launch = launch;
        _templateLogger = GuardedLogger.Create(loggers, "Snakepit.Template");
        _workerLogger = GuardedLogger.Create(loggers, "Snakepit.Worker");
        _outputLog = new OutputLog(_workerLogger);
        RemoveEmptyGroups();
        Listener = new ControlListener(); // is created last, because its directory would remain if a later line threw
    }

    public PythonLaunch Launch { get; }

    public ControlListener Listener { get; }

    /// <summary>Creates an object that splits, logs and keeps the output of a worker.</summary>
    public OutputTail OutputOf(int worker) =>
        Logged(_workerLogger, line => _workerLogger.WorkerOutput(line.Level, worker, line.Text));

    /// <summary>Starts a template process. The template opens its control channel with the worker number 0.</summary>
    /// <exception cref="PythonNotFoundException">The interpreter cannot be executed.</exception>
    public (PythonProcess Process, Task<ControlConnection> Control) StartTemplate(TemplateMark mark) =>
        Start("template", worker: 0, Logged(_templateLogger, line => _templateLogger.TemplateOutput(line.Level, line.Text)), mark);

    /// <summary>Starts a worker in its own interpreter.</summary>
    /// <exception cref="PythonNotFoundException">The interpreter cannot be executed.</exception>
    public (PythonProcess Process, Task<ControlConnection> Control) StartWorker(int worker) =>
        Start("worker", worker, OutputOf(worker), mark: null);

    /// <summary>Removes what a process leaves behind in the file system, after it has ended.</summary>
    /// <inheritdoc cref="ControlListener.ForgetAfter"/>
    public void ForgetAfter(Task<ProcessExit> exited, int worker, Task<ControlConnection> channel)
    {
        Listener.ForgetAfter(exited, worker, channel);
        if (Launch.Cgroup is not null)
        {
            _ = exited.ContinueWith(_ => RemoveEmptyGroups(), TaskScheduler.Default);
        }
    }

    /// <summary>Kills what a template that was killed has left behind.</summary>
    public async Task KillOrphansAsync(TemplateMark mark)
    {
        if (await mark.KillAllAsync().ConfigureAwait(false) is { } problem)
        {
            _templateLogger.OrphansRemain(problem);
        }
    }

    /// <summary>Completes when all output is logged, or when that takes too long.</summary>
    public Task SettleAsync() => _outputLog.FlushAsync();

    /// <summary>Deletes the directory of the sockets and ends the log. To be called after all processes have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await SettleAsync().ConfigureAwait(false);
        await Listener.DisposeAsync().ConfigureAwait(false);
        RemoveEmptyGroups();
        _outputLog.Complete();
    }

    private void RemoveEmptyGroups()
    {
        if (Launch.Cgroup is { } parent)
        {
            WorkerGroups.RemoveEmpty(parent);
        }
    }

    /// <summary>
    /// Creates an object that logs the lines of a process in the background, with their levels and in scopes of their traces.
    /// </summary>
    private OutputTail Logged(ILogger logger, Action<PythonLine> log)
    {
        var lines = new PythonLines(); // used only by the one task that logs
        return new OutputTail(_outputLog.To(text =>
        {
            var line = lines.Next(text);
            using var scope = line.BeginScope(logger);
            log(line);
        }));
    }

    private (PythonProcess Process, Task<ControlConnection> Control) Start(string role, int worker, OutputTail output, TemplateMark? mark)
    {
        var control = Listener.Expect(worker);
        var start = Launch.Describe(role, worker, Listener, mark);
        if (start.WorkingDirectory.Length > 0)
        {
            _workerLogger.WorkingDirectoryDeleted(start.WorkingDirectory);
        }

        var process = PythonProcess.Start(start, output, control, isKept: mark is null);
        ForgetAfter(process.Exited, worker, control);
        return (process, control);
    }
}
