using Microsoft.Extensions.Logging;
using Snakepit.HostTools;
using Snakepit.Processes;
using Snakepit.Protocol;
using Snakepit.Scheduling;
using Snakepit.Telemetry;
using Snakepit.Threading;
using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>
/// Keeps a pool at its size: starts the workers, starts a successor for each worker that ends, and ends all workers when the pool is
/// disposed.
/// </summary>
internal sealed class WorkerSupervisor : IAsyncDisposable
{
    private readonly SnakepitOptions _options;
    private readonly TransportDescriptor _transport;
    private readonly IWorkerSource _source;
    private readonly HostToolbox _toolbox;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BackgroundWork _background;
    private readonly Heartbeat _heartbeat;
    private readonly ShutdownSequence _shutdown;
    private readonly InterruptionPolicy _interruption;

    public WorkerSupervisor(SnakepitOptions options, TransportDescriptor transport, IWorkerSource source, HostToolbox toolbox)
    {
        (_options, _transport, _source, _toolbox, _time) = (options, transport, source, toolbox, options.TimeProvider);
        _logger = GuardedLogger.Create(options.LoggerFactory, "Snakepit.Pool");
        _background = new BackgroundWork(_logger.BackgroundFailed);
        _heartbeat = new Heartbeat(options.Heartbeat.Interval, _time, _background);
        _shutdown = new ShutdownSequence(options.DrainTimeout, options.TerminateTimeout, _time, _logger);
        _interruption = new InterruptionPolicy(options.AfterInterruption, options.MaxConcurrentCallsPerWorker);
        Pool = new WorkerPool(options, EndWorker, StartSuccessor);
        Tools = new ToolLister(Pool, _background, options.CallTimeout, options.CancelGrace, _time, _logger);
    }

    /// <summary>The pool whose workers this object starts, replaces and ends.</summary>
    public WorkerPool Pool { get; }

    public ToolLister Tools { get; }

    /// <summary>
    /// Starts all workers at once. Returns when all of them, or as many as <see cref="SnakepitOptions.MinimumReadyWorkers"/> says, are
    /// ready. The others go on starting in the background.
    /// </summary>
    /// <exception cref="PoolStartException">
    /// So many starts have failed that too few workers can become ready. The exception is that of the last of these failed starts. Other
    /// workers may be running; the disposal of the pool ends them.
    /// </exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        _heartbeat.Start();
        List<Task> starts;
        // The linked source is disposed when enough workers are ready. From then on, a cancellation of the caller's token no longer affects
        // the workers that are still starting.
        using (var untilReady = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            starts = [.. Enumerable.Range(0, _options.Workers).Select(_ => StartWorkerAsync(untilReady.Token))];
            try
            {
                await EnoughOfAsync(starts, _options.MinimumReadyWorkers ?? _options.Workers).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // The caller disposes the pool next, which cancels the other starts and waits for them. Their exceptions are ignored,
                // because the caller gets only one exception.
                _background.Run(async () => await Task.WhenAll(starts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing));
                if (exception is OperationCanceledException)
                {
                    cancellationToken.ThrowIfCancellationRequested(); // throws an exception that carries the caller's own token
                }

                throw;
            }
        }

        var missing = starts.Where(start => !start.IsCompletedSuccessfully).ToList();
        foreach (var start in missing)
        {
            _background.Run(() => RetryUntilStartedAsync(start));
        }

        if (_options.Sessions.IdleTimeout != Timeout.InfiniteTimeSpan)
        {
            _background.Run(ExpireSessionsAsync);
        }

        _logger.PoolReady(starts.Count - missing.Count, _time.GetElapsedTime(began).TotalMilliseconds, _options.Adapter);
    }

    /// <summary>
    /// Refuses waiting callers, lets running calls end within <see cref="SnakepitOptions.DrainTimeout"/>, and ends all processes.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        var began = _time.GetTimestamp();
        var workers = Pool.Stop();
        var stopping = _background.DisposeAsync(); // also cancels the starts that have not finished
        await Task.WhenAll(workers.Select(_shutdown.RunAsync)).ConfigureAwait(false);
        await stopping.ConfigureAwait(false);
        await _source.SettleAsync().ConfigureAwait(false);
        Pool.Dispose();
        _logger.PoolStopped(_time.GetElapsedTime(began).TotalMilliseconds);
    }

    /// <summary>Ends the wait for the running calls of workers that are being ended, now or later. May be called at any time.</summary>
    public void EndDrain() => _shutdown.EndDrain();

    /// <summary>
    /// Completes when <paramref name="enough"/> starts have succeeded. When so many starts have failed that this has become impossible,
    /// throws the exception of the latest failure.
    /// </summary>
    private static async Task EnoughOfAsync(List<Task> starts, int enough)
    {
        var (ready, failed) = (0, 0);
        await foreach (var start in Task.WhenEach(starts).ConfigureAwait(false))
        {
            if (start.IsCompletedSuccessfully && ++ready == enough)
            {
                return;
            }

            if (!start.IsCompletedSuccessfully && ++failed > starts.Count - enough)
            {
                await start.ConfigureAwait(false);
            }
        }
    }

    /// <summary>Starts one worker. The worker takes calls when the returned task completes.</summary>
    private async Task StartWorkerAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _background.Stopping);
        var worker = new PythonWorker(
            _source, endpoint => _transport.Open(endpoint, _options.MaxPayloadBytes), _toolbox, _options.StartTimeout, _time);
        var policy = new RecyclePolicy(_options.Recycling, worker.Number);
        var monitor = new WorkerMonitor(worker, () => Pool.IsIdle(worker), _options.Heartbeat, policy, _time, _background, _logger);
        var supervised = new SupervisedWorker(
            worker, monitor, _heartbeat, Pool, _background, _interruption, _options.CancelGrace, _logger);
        await supervised.StartAsync(either.Token).ConfigureAwait(false);
    }

    /// <summary>Waits for a start. If it fails, starts further workers until one succeeds.</summary>
    private async Task RetryUntilStartedAsync(Task start)
    {
        while (true)
        {
            try
            {
                await start.ConfigureAwait(false);
                return;
            }
            catch (Exception exception) when (!_background.Stopping.IsCancellationRequested)
            {
                // The start is repeated after an exception of any type. Otherwise the pool would have too few workers for the rest of its
                // life.
                var delay = Pool.RestartDelay;
                _logger.WorkerStartFailed(delay, exception);
                await Task.Delay(delay, _time, _background.Stopping).ConfigureAwait(false);
            }

            start = StartWorkerAsync(CancellationToken.None);
        }
    }

    private void StartSuccessor(TimeSpan delay) => _background.Run(async () =>
    {
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, _time, _background.Stopping).ConfigureAwait(false);
        }

        await RetryUntilStartedAsync(StartWorkerAsync(CancellationToken.None)).ConfigureAwait(false);
    });

    private void EndWorker(PythonWorker worker, PoolAction how)
    {
        if (how == PoolAction.Kill)
        {
            worker.Signal(Signals.Kill);
        }
        else
        {
            _background.Run(() => _shutdown.RunAsync(worker));
        }
    }

    private async Task ExpireSessionsAsync()
    {
        var idle = _options.Sessions.IdleTimeout;
        var pause = TimeSpan.FromTicks(Math.Clamp(idle.Ticks / 8, TimeSpan.TicksPerMillisecond * 10, TimeSpan.TicksPerMinute));
        while (true)
        {
            await Task.Delay(pause, _time, _background.Stopping).ConfigureAwait(false);
            Pool.ExpireSessions();
        }
    }
}
