using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Snakepit.Diagnostics;
using Snakepit.Processes;
using Snakepit.Protocol;
using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>The shell around <see cref="PoolState"/>: owns the one lock, and carries out what the state decides, outside of it.</summary>
internal sealed class WorkerPool : IAsyncDisposable
{
    private readonly SnakepitOptions _options;
    private readonly IWorkerSource _source;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly PoolState _state;
    private readonly Dictionary<int, Worker> _workers = [];
    private readonly HashSet<Task> _background = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly long _started;
    private Task? _disposal;

    private WorkerPool(SnakepitOptions options, IWorkerSource source)
    {
        _options = options;
        _source = source;
        _logger = options.LoggerFactory.CreateLogger("Snakepit.Pool");
        _state = new PoolState(options.Workers, capacity: 1, options.QueueLimit);
        _started = options.TimeProvider.GetTimestamp();
    }

    /// <summary>Starts every worker at once and returns when enough of them are ready.</summary>
    /// <exception cref="PoolStartException">Too many cannot be started: what the first of them said. Nothing is left running.</exception>
    public static async Task<WorkerPool> StartAsync(SnakepitOptions options, IWorkerSource source, CancellationToken cancellationToken)
    {
        var pool = new WorkerPool(options, source);
        try
        {
            await pool.StartWorkersAsync(cancellationToken);
        }
        catch
        {
            await pool.DisposeAsync();
            throw;
        }

        pool._logger.PoolReady(options.Workers, pool.Now.TotalMilliseconds, options.Adapter);
        return pool;
    }

    public long Restarts
    {
        get
        {
            lock (_gate)
            {
                return _state.Restarts;
            }
        }
    }

    private TimeSpan Now => _options.TimeProvider.GetElapsedTime(_started);

    /// <summary>The workers and the length of the queue, at one moment.</summary>
    public (ImmutableArray<WorkerStatistics> Workers, int QueueLength) Snapshot()
    {
        lock (_gate)
        {
            var workers = _state.Workers.Select(one =>
            {
                var worker = _workers[one.Worker];
                return new WorkerStatistics(one.Worker, worker.ProcessId, one.State, one.InFlight, worker.Endpoint);
            });
            return ([.. workers], _state.QueueLength);
        }
    }

    /// <summary>Waits for a worker, first come, first served. The call that it is for must <see cref="Return"/> it, unless it is lost.</summary>
    /// <exception cref="PoolSaturatedException">The queue is full.</exception>
    /// <exception cref="LeaseTimeoutException">The wait was too long.</exception>
    /// <exception cref="PoolStoppedException">The pool stopped meanwhile.</exception>
    public ValueTask<Worker> LeaseAsync(CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_gate)
        {
            var decision = _state.Request();
            switch (decision.Action)
            {
                case PoolAction.Grant:
                    return new ValueTask<Worker>(_workers[decision.Worker]);
                case PoolAction.Wait:
                    _state.Enqueue(waiter = new Waiter());
                    break;
                case PoolAction.RefuseSaturated:
                    throw new PoolSaturatedException(_state.QueueLimit, _state.DesiredWorkers);
                default:
                    throw new ObjectDisposedException(nameof(SnakepitPool));
            }
        }

        return new ValueTask<Worker>(WaitAsync(waiter, cancellationToken));
    }

    /// <summary>A call has ended: its worker goes on to the next.</summary>
    public void Return(Worker worker)
    {
        PoolDecision decision;
        lock (_gate)
        {
            decision = _state.Return(worker.Number);
        }

        decision.Waiter?.Grant(decision.Worker);
    }

    /// <summary>
    /// A caller has given up: its call is cancelled in Python, and the worker killed if that does not help. The worker takes no other call
    /// until then.
    /// </summary>
    public async Task ReclaimAsync(Worker worker, PendingCall call)
    {
        if (!await worker.Connection.CancelAsync(call, _options.CancelGrace))
        {
            _logger.CancellationIgnored(worker.Number, call.Tool, _options.CancelGrace);
            worker.Signal(Signals.Kill);
        }
    }

    /// <summary>Refuses those who wait, lets running calls end within <see cref="SnakepitOptions.DrainTimeout"/>, and ends every process.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            return new ValueTask(_disposal ??= StopAsync());
        }
    }

    private async Task<Worker> WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        try
        {
            var worker = await waiter.Granted.WaitAsync(_options.QueueTimeout, _options.TimeProvider, cancellationToken);
            return Find(worker);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            bool left;
            lock (_gate)
            {
                left = _state.Abandon(waiter);
            }

            if (!left)
            {
                // Granted, or refused, at the same moment.
                return Find(await waiter.Granted);
            }

            cancellationToken.ThrowIfCancellationRequested();
            throw new LeaseTimeoutException(_options.QueueTimeout, _state.DesiredWorkers);
        }
    }

    /// <summary>The worker that was granted, if it has not been lost since.</summary>
    private Worker Find(int number)
    {
        lock (_gate)
        {
            return _workers.TryGetValue(number, out var worker) ? worker
                : _state.IsStopping ? throw new PoolStoppedException("the call was waiting for a worker")
                : throw new WorkerLostException(number, exit: null, "it ended before the call reached it");
        }
    }

    private async Task StartWorkersAsync(CancellationToken cancellationToken)
    {
        var starts = new List<Task>(_options.Workers);
        for (var i = 0; i < _options.Workers; i++)
        {
            starts.Add(StartWorkerAsync(cancellationToken));
        }

        try
        {
            await EnoughAsync(starts, cancellationToken);
        }
        catch
        {
            // Those that are still starting are given up, and waited for: nothing may be left running.
            await _stopping.CancelAsync();
            await Task.WhenAll(starts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        foreach (var start in starts.Where(start => !start.IsCompletedSuccessfully))
        {
            RunInBackground(() => RetryAsync(start));
        }
    }

    /// <summary>Waits until as many workers are ready as there must be; throws what the first said that failed, if too many do.</summary>
    private async Task EnoughAsync(List<Task> starts, CancellationToken cancellationToken)
    {
        var (ready, failed) = (0, 0);
        var minimum = _options.MinimumReadyWorkers ?? _options.Workers;
        await foreach (var start in Task.WhenEach(starts).WithCancellation(cancellationToken))
        {
            if (start.IsCompletedSuccessfully)
            {
                ready++;
            }
            else if (++failed > _options.Workers - minimum)
            {
                await start;
            }

            if (ready == minimum)
            {
                break;
            }
        }
    }

    /// <summary>A start that was not waited for, and then as many more as it takes.</summary>
    private async Task RetryAsync(Task start)
    {
        var delay = TimeSpan.Zero;
        while (true)
        {
            try
            {
                await start;
                return;
            }
            catch (Exception exception) when (exception is PoolStartException)
            {
                delay = delay == TimeSpan.Zero ? TimeSpan.FromMilliseconds(50) : delay * 2;
                delay = delay > TimeSpan.FromSeconds(30) ? TimeSpan.FromSeconds(30) : delay;
                _logger.WorkerStartFailed(0, delay, exception);
            }

            await Task.Delay(delay, _options.TimeProvider, _stopping.Token);
            start = StartWorkerAsync(CancellationToken.None);
        }
    }

    /// <summary>Starts one worker; it takes calls when this completes.</summary>
    private async Task StartWorkerAsync(CancellationToken cancellationToken)
    {
        var worker = new Worker(_source.NextWorker(), _options);
        lock (_gate)
        {
            _workers.Add(worker.Number, worker);
            _state.Starting(worker.Number);
        }

        ImmutableArray<PoolDecision> grants;
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
            await worker.StartAsync(_source, Return, either.Token);
            bool stopping;
            lock (_gate)
            {
                stopping = _state.IsStopping;
                grants = stopping ? [] : _state.Ready(worker.Number, Now);
            }

            if (stopping)
            {
                // It became ready a moment too late: the stop ladder does not know it.
                await worker.KillAsync();
                throw new OperationCanceledException("The pool has stopped meanwhile.");
            }
        }
        catch
        {
            lock (_gate)
            {
                _workers.Remove(worker.Number);
                _state.Lost(worker.Number, Now);
            }

            await worker.DisposeAsync();
            throw;
        }

        foreach (var grant in grants)
        {
            grant.Waiter!.Grant(grant.Worker);
        }

        RunInBackground(() => WatchAsync(worker));
    }

    /// <summary>Waits for the end of a worker, tells its callers, and starts its successor.</summary>
    private async Task WatchAsync(Worker worker)
    {
        await worker.Gone;
        TimeSpan? delay;
        lock (_gate)
        {
            _workers.Remove(worker.Number);
            delay = _state.Lost(worker.Number, Now);
        }

        if (delay is { } wait)
        {
            RunInBackground(() => ReplaceAsync(wait));
        }

        if (delay is null)
        {
            await worker.Exited; // its stop ladder sees to that
        }

        var exit = await worker.EndAsync();
        if (delay is { } shown)
        {
            _logger.WorkerLost(worker.Number, exit?.ToString() ?? "its process does not end", shown);
        }

        worker.Connection.Fail(call => delay is null
            ? new PoolStoppedException($"tool '{call.Tool}' was running")
            : new WorkerLostException(worker.Number, exit, $"its process ended while it ran tool '{call.Tool}'"));
        await worker.DisposeAsync();
    }

    private async Task ReplaceAsync(TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, _options.TimeProvider, _stopping.Token);
        }

        await RetryAsync(StartWorkerAsync(CancellationToken.None));
    }

    /// <summary>Runs what disposal must wait for. Cancellation by disposal is its normal end.</summary>
    private void RunInBackground(Func<Task> work)
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _background.Add(running.Task);
        }

        _ = RunAsync();

        async Task RunAsync()
        {
            try
            {
                await work();
            }
            catch (Exception exception) when (_stopping.IsCancellationRequested && exception is OperationCanceledException or ObjectDisposedException or PoolStartException)
            {
            }
            finally
            {
                lock (_gate)
                {
                    _background.Remove(running.Task);
                }

                running.SetResult();
            }
        }
    }

    private async Task StopAsync()
    {
        await Task.Yield(); // leave the lock
        var began = Now;
        ImmutableArray<Waiter> refused;
        Worker[] workers;
        lock (_gate)
        {
            refused = _state.Stop();
            workers = [.. _state.Workers.Where(one => one.State == WorkerState.Draining).Select(one => _workers[one.Worker])];
        }

        foreach (var waiter in refused)
        {
            waiter.Refuse(new PoolStoppedException("the call was waiting for a worker"));
        }

        await _stopping.CancelAsync();
        await Task.WhenAll(workers.Select(StopAsync));
        Task[] background;
        do
        {
            lock (_gate)
            {
                background = [.. _background];
            }

            await Task.WhenAll(background);
        }
        while (background.Length > 0);

        _logger.PoolStopped((Now - began).TotalMilliseconds);
        _stopping.Dispose();
    }

    /// <summary>The stop ladder: drain, then SIGTERM, then SIGKILL, each with its own grace.</summary>
    private async Task StopAsync(Worker worker)
    {
        worker.Connection.Drain();
        if (await EndsWithinAsync(_options.DrainTimeout))
        {
            return;
        }

        _logger.StopsByForce(worker.Number, _options.DrainTimeout, "SIGTERM");
        worker.Signal(Signals.Terminate);
        if (!await EndsWithinAsync(_options.TerminateTimeout))
        {
            _logger.StopsByForce(worker.Number, _options.TerminateTimeout, "SIGKILL");
            worker.Signal(Signals.Kill);
            await worker.Exited;
        }

        async Task<bool> EndsWithinAsync(TimeSpan patience)
        {
            using var enough = new CancellationTokenSource();
            var first = await Task.WhenAny(worker.Exited, Task.Delay(patience, _options.TimeProvider, enough.Token));
            await enough.CancelAsync();
            return first == worker.Exited || worker.Exited.IsCompleted;
        }
    }
}
