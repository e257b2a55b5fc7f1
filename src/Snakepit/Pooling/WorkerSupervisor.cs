using Microsoft.Extensions.Logging;
using Snakepit.Contracts.Exceptions;
using Snakepit.HostTools;
using Snakepit.Processes;
using Snakepit.Protocol;
using Snakepit.Scheduling;
using Snakepit.Telemetry;
using Snakepit.Threading;
using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>Keeps a pool at its size: starts its workers, notices their ends, replaces them, and ends them all.</summary>
internal sealed class WorkerSupervisor : IAsyncDisposable
{
    private readonly SnakepitOptions _options;
    private readonly WorkerPool _pool;
    private readonly IWorkerSource _source;
    private readonly HostToolbox _toolbox;
    private readonly ILogger _logger;
    private readonly BackgroundWork _background;

    public WorkerSupervisor(SnakepitOptions options, WorkerPool pool, IWorkerSource source, HostToolbox toolbox)
    {
        (_options, _pool, _source, _toolbox) = (options, pool, source, toolbox);
        _logger = GuardedLogger.Create(options.LoggerFactory, "Snakepit.Pool");
        _background = new BackgroundWork(_logger.BackgroundFailed);
    }

    /// <summary>Starts every worker at once and returns when enough of them are ready; the others go on in the background.</summary>
    /// <exception cref="PoolStartException">Too many cannot be started: what the first of them said. What did start still runs.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var began = _options.TimeProvider.GetTimestamp();
        List<Task> starts;
        // Those that go on afterwards are none of this token's business.
        using (var untilReady = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            starts = [.. Enumerable.Range(0, _options.Workers).Select(_ => StartWorkerAsync(untilReady.Token))];
            try
            {
                await EnoughOfAsync(starts, _options.MinimumReadyWorkers ?? _options.Workers);
            }
            catch (Exception exception)
            {
                // Disposal, which is next, cancels the others and waits for them; what they say is no news any more.
                _background.Run(async () => await Task.WhenAll(starts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing));
                if (exception is OperationCanceledException)
                {
                    cancellationToken.ThrowIfCancellationRequested(); // with the caller's own token
                }

                throw;
            }
        }

        var missing = starts.Where(start => !start.IsCompletedSuccessfully).ToList();
        foreach (var start in missing)
        {
            _background.Run(() => KeepStartingAsync(start));
        }

        if (_options.Sessions.IdleTimeout != Timeout.InfiniteTimeSpan)
        {
            _background.Run(ExpireSessionsAsync);
        }

        _logger.PoolReady(
            starts.Count - missing.Count, _options.TimeProvider.GetElapsedTime(began).TotalMilliseconds, _options.Adapter);
    }

    /// <summary>
    /// A caller has given up: its call is cancelled in Python, and if that does not help, the worker is replaced. The worker takes no other
    /// call in that place until then.
    /// </summary>
    private void Reclaim(PythonWorker worker, PendingCall call) => _background.Run(async () =>
    {
        if (await worker.Connection.CancelAsync(call, _options.CancelGrace))
        {
            return;
        }

        _logger.CancellationIgnored(worker.Number, call.Tool, _options.CancelGrace);
        Retire(worker);
    });

    /// <summary>A worker will never answer what was asked in one of its places: it is replaced, and killed as soon as it runs nothing else.</summary>
    private void Retire(PythonWorker worker)
    {
        worker.IsStuck = true;
        if (_pool.Retire(worker, out var hasEnded))
        {
            _background.Run(() => ReplaceAsync(TimeSpan.Zero));
        }

        if (hasEnded)
        {
            worker.Signal(Signals.Kill);
        }
    }

    /// <summary>
    /// Asks a worker for its tools. Like a call it has <see cref="SnakepitOptions.CallTimeout"/>, and a worker that has still not answered
    /// <see cref="SnakepitOptions.CancelGrace"/> after nobody waits any more is replaced.
    /// </summary>
    public async Task<Protocol.V1.ToolList> ListToolsAsync(CancellationToken cancellationToken)
    {
        var (worker, _) = await _pool.LeaseAsync(session: null, cancellationToken);
        await Task.Yield();
        var listing = worker.Connection.ListToolsAsync();
        try
        {
            return await listing.WaitAsync(_options.CallTimeout, _options.TimeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new CallTimeoutException(worker.Number, _options.CallTimeout);
        }
        catch (IOException exception)
        {
            throw _background.Stopping.IsCancellationRequested
                ? new PoolStoppedException("a worker was asked for its tools", hadBegun: true)
                : new WorkerLostException(worker.Number, await worker.EndAsync(), "its process ended while it listed its tools", exception);
        }
        finally
        {
            if (listing.IsCompletedSuccessfully)
            {
                Return(worker, session: null);
            }
            else
            {
                _background.Run(() => ReturnAfterAsync(worker, listing));
            }
        }
    }

    /// <summary>Gives the place of a listing back, if it is answered after all; nobody waits for it any more.</summary>
    private async Task ReturnAfterAsync(PythonWorker worker, Task listing)
    {
        _ = listing.ContinueWith(static ended => ended.Exception, TaskScheduler.Default); // the worker is lost then, which is told elsewhere
        if (await listing.EndsWithinAsync(_options.CancelGrace, _options.TimeProvider, _background.Stopping))
        {
            Return(worker, session: null); // or it is lost
        }
        else if (!_background.Stopping.IsCancellationRequested)
        {
            _logger.ListingIgnored(worker.Number, _options.CancelGrace);
            Retire(worker);
        }
    }

    /// <summary>A call on a worker was not made after all.</summary>
    public void Return(PythonWorker worker, SessionEntry? session) => Returned(worker, session)?.Begin(here: false);

    /// <summary>Refuses those who wait, lets running calls end within <see cref="SnakepitOptions.DrainTimeout"/>, and ends every process.</summary>
    public async ValueTask DisposeAsync()
    {
        var began = _options.TimeProvider.GetTimestamp();
        var workers = _pool.Stop();
        // Those that are still starting end with the background work.
        var stopping = _background.DisposeAsync();
        await Task.WhenAll(workers.Select(worker => ShutdownSequence.RunAsync(worker, _options, _logger)));
        await stopping;
        await _source.SettleAsync();
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
        var worker = new PythonWorker(_source.NextWorker(), _options, _toolbox);
        var monitor = new WorkerMonitor(worker, () => _pool.IsIdle(worker), _options, _logger);
        _pool.Add(worker);
        PythonWorker? succeeded;
        try
        {
            var start = worker.StartAsync(_source, call => CallEnded(worker, monitor, call), call => Reclaim(worker, call), either.Token);
            await monitor.WatchStartAsync(start);
            await start;
            if (!_pool.Ready(worker, out succeeded))
            {
                await worker.KillAsync();
                throw new OperationCanceledException("The pool has stopped meanwhile.");
            }
        }
        catch (Exception exception)
        {
            _pool.Remove(worker, exception);
            await worker.DisposeAsync();
            throw;
        }

        _background.Run(() => WatchAsync(worker));
        _background.Run(() => monitor.WatchAsync(reason => Recycle(worker, reason), _background.Stopping));
        if (succeeded is not null)
        {
            End(succeeded);
        }
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
            catch (Exception exception) when (!_background.Stopping.IsCancellationRequested)
            {
                // Whatever it was: nobody else would bring the pool back to its size.
                var delay = _pool.RestartDelay;
                _logger.WorkerStartFailed(delay, exception);
                await Task.Delay(delay, _options.TimeProvider, _background.Stopping);
            }

            start = StartWorkerAsync(CancellationToken.None);
        }
    }

    /// <summary>Waits for the end of a worker, has it replaced, and tells its callers.</summary>
    private async Task WatchAsync(PythonWorker worker)
    {
        await worker.Gone;
        var isLost = _pool.Remove(worker);
        var delay = _pool.RestartDelay;
        if (isLost)
        {
            _background.Run(() => ReplaceAsync(delay));
        }

        if (worker.IsDrained)
        {
            await worker.Exited; // its stop ladder sees to that
        }

        var exit = await worker.EndAsync();
        worker.Connection.Fail(call => _background.Stopping.IsCancellationRequested
            ? new PoolStoppedException($"tool '{call.Tool}' was running", hadBegun: true)
            : worker.Connection.Fault is { } fault ? new WorkerLostException(worker.Number, exit, $"it broke the protocol while it ran tool '{call.Tool}': {fault.Message}", fault)
            : new WorkerLostException(worker.Number, exit, $"its process ended while it ran tool '{call.Tool}'"));
        if (isLost)
        {
            _logger.WorkerLost(worker.Number, Told(exit), delay);
        }
        else if (!worker.IsDrained && !worker.IsStuck && !_background.Stopping.IsCancellationRequested)
        {
            _logger.WorkerLostWhileReplaced(worker.Number, Told(exit));
        }

        await worker.DisposeAsync();
    }

    private static string Told(ProcessExit? exit) => exit?.ToString() ?? "its process does not end";

    private async Task ReplaceAsync(TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, _options.TimeProvider, _background.Stopping);
        }

        await KeepStartingAsync(StartWorkerAsync(CancellationToken.None));
    }

    private ISuccessor? CallEnded(PythonWorker worker, WorkerMonitor monitor, PendingCall call)
    {
        if (call is { IsHome: true, Session: { IsOver: true } over })
        {
            worker.Connection.EndSession(over); // again, because the call may have been sent only after its session had ended
        }

        if (monitor.CallEnded() is { } reason)
        {
            Recycle(worker, reason);
        }

        return Returned(worker, call.Session);
    }

    /// <summary>Gives a call's place back; returns who takes it, and is to be told.</summary>
    private ISuccessor? Returned(PythonWorker worker, SessionEntry? session)
    {
        if (_pool.Return(worker, session, out var successor))
        {
            End(worker);
        }

        return successor;
    }

    private void Recycle(PythonWorker worker, string reason)
    {
        if (_pool.Recycle(worker))
        {
            _logger.WorkerRecycled(worker.Number, reason);
            _background.Run(() => ReplaceAsync(TimeSpan.Zero));
        }
    }

    /// <summary>Ends a retired worker that has nothing more to do.</summary>
    private void End(PythonWorker worker)
    {
        if (worker.IsStuck)
        {
            worker.Signal(Signals.Kill);
        }
        else
        {
            _background.Run(() => ShutdownSequence.RunAsync(worker, _options, _logger));
        }
    }

    private async Task ExpireSessionsAsync()
    {
        var pause = TimeSpan.FromTicks(Math.Clamp(_options.Sessions.IdleTimeout.Ticks / 8, TimeSpan.TicksPerMillisecond * 10, TimeSpan.TicksPerMinute));
        while (true)
        {
            await Task.Delay(pause, _options.TimeProvider, _background.Stopping);
            foreach (var (session, home) in _pool.ExpireSessions())
            {
                home?.Connection.EndSession(session);
            }
        }
    }
}
