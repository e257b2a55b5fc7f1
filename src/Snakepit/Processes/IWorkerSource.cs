namespace Snakepit.Processes;

/// <summary>Where worker processes come from: a template that forks them, or this process that spawns them.</summary>
internal interface IWorkerSource : IAsyncDisposable
{
    /// <summary>The interpreter that runs them.</summary>
    string Interpreter { get; }

    /// <summary>A number for a new worker; it is never used twice.</summary>
    int NextWorker();

    /// <summary>Starts one more worker process; it is not ready yet, it may not even exist yet.</summary>
    /// <exception cref="PoolStartException">No process can be started.</exception>
    Task<WorkerProcess> LaunchAsync(int worker, CancellationToken cancellationToken);

    /// <summary>Returns when what workers have left behind is ended and what they have printed is logged, or when either takes too long.</summary>
    Task SettleAsync();
}
