using Microsoft.Extensions.Logging;
using Snakepit.Diagnostics;

namespace Snakepit.Processes;

/// <summary>A worker in an interpreter of its own.</summary>
internal sealed class SpawnedProcess(int worker, PythonProcess process, Task<ControlConnection> control) : WorkerProcess(worker, control)
{
    public override int Id => process.Id;

    public override Task<ProcessExit> Exited => process.Exited;

    public override IReadOnlyList<string> LastOutput => process.LastOutput;

    public override void Signal(int number) => process.Signal(number);
}

/// <summary>Spawns workers.</summary>
internal sealed class SpawnSource(SnakepitOptions options, string interpreter) : IWorkerSource
{
    // In this order: a factory that throws leaves no listener behind.
    private readonly ILogger _logger = options.CreateLogger("Snakepit.Worker");
    private readonly ControlListener _listener = new();

    public string Interpreter => interpreter;

    public int NextWorker() => _listener.NextWorker();

    public Task<WorkerProcess> LaunchAsync(int worker, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var control = _listener.Expect(worker);
        var output = new OutputTail(line => _logger.WorkerOutput(worker, line));
        var process = PythonProcess.Start(interpreter, "worker", new PythonSettings(options, _listener, worker), options, output);
        _listener.ForgetAfter(process.Exited, worker, control);
        return Task.FromResult<WorkerProcess>(new SpawnedProcess(worker, process, control));
    }

    public ValueTask DisposeAsync() => _listener.DisposeAsync();
}
