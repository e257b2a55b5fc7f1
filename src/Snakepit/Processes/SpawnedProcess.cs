using Snakepit.Contracts.Exceptions;

namespace Snakepit.Processes;

/// <summary>The process of a spawned worker: the .NET process has started it in its own interpreter.</summary>
internal sealed class SpawnedProcess(int worker, PythonProcess process, Task<ControlConnection> control) : WorkerProcess(worker, control)
{
    public override int Id => process.Id;

    public override Task<ProcessExit> Exited => process.Exited;

    public override IReadOnlyList<string> LastOutput => process.LastOutput;

    public override void Kill(string killer) => process.Kill(killer);

    public override void Signal(int number) => process.Signal(number);
}

/// <summary>Creates worker processes by starting each worker in its own interpreter, without a template.</summary>
/// <param name="launcher">The launcher that starts the processes. The source disposes it.</param>
internal sealed class SpawnSource(ProcessLauncher launcher) : IWorkerSource
{
    public PythonLaunch Launch => launcher.Launch;

    /// <summary>Always null, because spawned workers have no template.</summary>
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
