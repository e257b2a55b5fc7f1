namespace Snakepit.Processes;

/// <summary>Creates worker processes: a template forks them, or each is started in its own interpreter.</summary>
internal interface IWorkerSource : IAsyncDisposable
{
    /// <summary>How the processes are launched.</summary>
    PythonLaunch Launch { get; }

    /// <summary>The template that forks the workers; null if there is none.</summary>
    TemplateStatistics? Template { get; }

    /// <summary>Returns a number for a new worker. No number is used twice.</summary>
    int NextWorker();

    /// <summary>Starts a worker process, and returns before it is ready. A forked process may not even exist yet.</summary>
    /// <exception cref="PoolStartException">No process can be started.</exception>
    Task<WorkerProcess> LaunchAsync(int worker, CancellationToken cancellationToken);

    /// <summary>
    /// Returns when the processes that outlived their workers are killed and all output is logged, or when either takes too long.
    /// </summary>
    Task SettleAsync();
}
