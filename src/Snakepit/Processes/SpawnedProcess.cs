using Snakepit.Contracts.Exceptions;

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
/// <param name="resources">Disposed with this source.</param>
internal sealed class SpawnSource(SourceResources resources) : IWorkerSource
{
    public string Interpreter => resources.Interpreter;

    public int NextWorker() => resources.Listener.NextWorker();

    public Task<WorkerProcess> LaunchAsync(int worker, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (process, control) = resources.StartWorker(worker);
        return Task.FromResult<WorkerProcess>(new SpawnedProcess(worker, process, control));
    }

    public Task SettleAsync() => resources.SettleAsync();

    public ValueTask DisposeAsync() => resources.DisposeAsync();
}
