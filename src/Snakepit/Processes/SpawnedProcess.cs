using Snakepit.Contracts.Exceptions;

namespace Snakepit.Processes;

/// <summary>A worker in its own interpreter, started by this process.</summary>
internal sealed class SpawnedProcess(int worker, PythonProcess process, Task<ControlConnection> control) : WorkerProcess(worker, control)
{
    public override int Id => process.Id;

    public override Task<ProcessExit> Exited => process.Exited;

    public override IReadOnlyList<string> LastOutput => process.LastOutput;

    public override void Signal(int number) => process.Signal(number);
}

/// <summary>Starts every worker in its own interpreter.</summary>
/// <param name="launcher">Starts the processes. The source disposes it.</param>
internal sealed class SpawnSource(ProcessLauncher launcher) : IWorkerSource
{
    public PythonLaunch Launch => launcher.Launch;

    /// <summary>Null: there is no template.</summary>
    public TemplateStatistics? Template => null;

    public int NextWorker() => launcher.Listener.NextWorker();

    public Task<WorkerProcess> LaunchAsync(int worker, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (process, control) = launcher.StartWorker(worker);
        return Task.FromResult<WorkerProcess>(new SpawnedProcess(worker, process, control));
    }

    public Task SettleAsync() => launcher.SettleAsync();

    public ValueTask DisposeAsync() => launcher.DisposeAsync();
}
