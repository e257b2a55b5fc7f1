namespace Snakepit.Processes;

/// <summary>
/// Creates worker processes. One implementation forks them from a template process; the other starts each worker in its own interpreter.
/// </summary>
internal interface IWorkerSource : IAsyncDisposable
{
    /// <summary>The interpreter, command line and environment with which the processes are launched.</summary>
    PythonLaunch Launch { get; }

    /// <summary>The statistics of the template process that forks the workers; null if there is no template.</summary>
    TemplateStatistics? Template { get; }

    /// <summary>Returns a number for a new worker. No number is used twice.</summary>
    int NextWorker();

    /// <summary>
    /// Starts a worker process, and returns before the process is ready. If a template forks the process, it may not even exist yet.
    /// </summary>
    /// <exception cref="PoolStartException">The worker process cannot be started.</exception>
    Task<WorkerProcess> LaunchAsync(int worker, CancellationToken cancellationToken);

    /// <summary>Completes when all output of the processes is logged, or when that takes too long.</summary>
    Task SettleAsync();
}
