using Microsoft.Extensions.Logging;
using Snakepit.Diagnostics;
using Snakepit.Pooling;
using Snakepit.Processes;

namespace Snakepit.Workers;

/// <summary>Keeps a pool at its size: starts its workers, notices their ends, replaces them, and ends them all.</summary>
internal sealed class WorkerSupervisor : IAsyncDisposable
{
    private readonly SnakepitOptions _options;
    private readonly WorkerPool _pool;
    private readonly IWorkerSource _source;
    private readonly ILogger _logger;
    private readonly BackgroundWork _background;

    public WorkerSupervisor(SnakepitOptions options, WorkerPool pool, IWorkerSource source)
    {
        (_options, _pool, _source) = (options, pool, source);
        _logger = options.LoggerFactory.CreateLogger("Snakepit.Pool");
        _background = new BackgroundWork(_logger);
    }

    /// <summary>Starts every worker at once and returns when enough of them are ready; the others go on in the background.</summary>
    /// <exception cref="PoolStartException">Too many cannot be started: what the first of them said. What did start still runs.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var began = _options.TimeProvider.GetTimestamp();
        var starts = Enumerable.Range(0, _options.Workers).Select(_ => StartWorkerAsync(cancellationToken)).ToList();
        try
        {
            await EnoughOfAsync(starts, _options.MinimumReadyWorkers ?? _options.Workers);
        }
        catch
        {
            _background.Run(() => Task.WhenAll(starts)); // disposal, which is next, cancels them and waits
            throw;
        }

        var missing = starts.Where(start => !start.IsCompletedSuccessfully).ToList();
        foreach (var start in missing)
        {
            _background.Run(() => KeepStartingAsync(start));
        }

        _logger.PoolReady(
            starts.Count - missing.Count, _options.TimeProvider.GetElapsedTime(began).TotalMilliseconds, _options.Adapter);
    }

    /// <summary>Refuses those who wait, lets running calls end within <see cref="SnakepitOptions.DrainTimeout"/>, and ends every process.</summary>
    public async ValueTask DisposeAsync()
    {
        var began = _options.TimeProvider.GetTimestamp();
        var workers = _pool.Stop();
        // Those that are still starting end with the background work.
        var stopping = _background.DisposeAsync();
        await Task.WhenAll(workers.Select(worker => StopLadder.DescendAsync(worker, _options, _logger)));
        await stopping;
        _logger.PoolStopped(_options.TimeProvider.GetElapsedTime(began).TotalMilliseconds);
    }

    /// <summary>Completes when that many have succeeded; throws what the first of too many failures threw.</summary>
    private static async Task EnoughOfAsync(List<Task> starts, int enough)
    {
        var (ready, failed) = (0, 0);
        await foreach (var start in Task.WhenEach(starts))
        {
            if (start.IsCompletedSuccessfully && ++ready == enough)
            {
                return;
            }

            if (!start.IsCompletedSuccessfully && ++failed > starts.Count - enough)
            {
                await start;
            }
        }
    }

    /// <summary>Starts one worker; it takes calls when this completes.</summary>
    private async Task StartWorkerAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _background.Stopping);
        var worker = new Worker(_source.NextWorker(), _options);
        _pool.Add(worker);
        try
        {
            await worker.StartAsync(_source, _pool.Return, either.Token);
            if (!_pool.Ready(worker))
            {
                await worker.KillAsync();
                throw new OperationCanceledException("The pool has stopped meanwhile.");
            }
        }
        catch
        {
            _pool.Remove(worker);
            await worker.DisposeAsync();
            throw;
        }

        _background.Run(() => WatchAsync(worker));
    }

    /// <summary>Waits for a start, and for as many more as it takes until one succeeds.</summary>
    private async Task KeepStartingAsync(Task start)
    {
        while (true)
        {
            try
            {
                await start;
                return;
            }
            catch (PoolStartException exception)
            {
                var delay = _pool.RestartDelay;
                _logger.WorkerStartFailed(delay, exception);
                await Task.Delay(delay, _options.TimeProvider, _background.Stopping);
            }

            start = StartWorkerAsync(CancellationToken.None);
        }
    }

    /// <summary>Waits for the end of a worker, has it replaced, and tells its callers.</summary>
    private async Task WatchAsync(Worker worker)
    {
        await worker.Gone;
        var isLost = _pool.Remove(worker);
        var delay = _pool.RestartDelay;
        if (isLost)
        {
            _background.Run(() => ReplaceAsync(delay));
        }
        else
        {
            await worker.Exited; // its stop ladder sees to that
        }

        var exit = await worker.EndAsync();
        if (isLost)
        {
            _logger.WorkerLost(worker.Number, exit?.ToString() ?? "its process does not end", delay);
        }

        worker.Connection.Fail(call => isLost
            ? new WorkerLostException(worker.Number, exit, $"its process ended while it ran tool '{call.Tool}'")
            : new PoolStoppedException($"tool '{call.Tool}' was running"));
        await worker.DisposeAsync();
    }

    private async Task ReplaceAsync(TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, _options.TimeProvider, _background.Stopping);
        }

        await KeepStartingAsync(StartWorkerAsync(CancellationToken.None));
    }
}
