using System.Collections.Immutable;
using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>The shell around <see cref="PoolState"/>: owns the one lock, and carries out what the state decides, outside of it.</summary>
internal sealed class WorkerPool
{
    private readonly SnakepitOptions _options;
    private readonly Lock _gate = new();
    private readonly PoolState _state;
    private readonly Dictionary<int, Worker> _workers = [];
    private readonly long _started;

    public WorkerPool(SnakepitOptions options)
    {
        _options = options;
        _state = new PoolState(options.Workers, capacity: 1, options.QueueLimit);
        _started = options.TimeProvider.GetTimestamp();
    }

    /// <summary>How long to wait before the next worker is started in place of one that ended.</summary>
    public TimeSpan RestartDelay
    {
        get
        {
            lock (_gate)
            {
                return _state.RestartDelay;
            }
        }
    }

    private TimeSpan Now => _options.TimeProvider.GetElapsedTime(_started);

    /// <summary>The workers, the length of the queue and the restarts so far, at one moment.</summary>
    public (ImmutableArray<WorkerStatistics> Workers, int QueueLength, long Restarts) Snapshot()
    {
        lock (_gate)
        {
            var workers = _state.Workers.Select(one =>
            {
                var worker = _workers[one.Worker];
                return new WorkerStatistics(one.Worker, worker.ProcessId, one.State, one.InFlight, worker.Endpoint);
            });
            return ([.. workers], _state.QueueLength, _state.Restarts);
        }
    }

    /// <summary>Waits for a worker, first come, first served. The call that it is for must <see cref="Return"/> it, unless it is lost.</summary>
    /// <exception cref="PoolSaturatedException">The queue is full.</exception>
    /// <exception cref="LeaseTimeoutException">The wait was too long.</exception>
    /// <exception cref="PoolStoppedException">The pool stopped meanwhile.</exception>
    /// <exception cref="ObjectDisposedException">The pool had stopped before.</exception>
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

    /// <summary>A worker is being started.</summary>
    public void Add(Worker worker)
    {
        lock (_gate)
        {
            _workers.Add(worker.Number, worker);
            _state.Starting(worker.Number);
        }
    }

    /// <summary>A worker can take calls; false if it became ready too late, because the pool is stopping and does not wait for it.</summary>
    public bool Ready(Worker worker)
    {
        ImmutableArray<PoolDecision> grants;
        lock (_gate)
        {
            if (_state.IsStopping)
            {
                return false;
            }

            grants = _state.Ready(worker.Number, Now);
        }

        foreach (var grant in grants)
        {
            grant.Waiter!.Grant(grant.Worker);
        }

        return true;
    }

    /// <summary>A worker has ended or cannot be used any more; true if it is to be replaced, false if the pool is stopping.</summary>
    public bool Remove(Worker worker)
    {
        lock (_gate)
        {
            _workers.Remove(worker.Number);
            return _state.Lost(worker.Number, Now);
        }
    }

    /// <summary>Refuses those who wait and everyone who comes; returns the workers that are to be drained.</summary>
    public Worker[] Stop()
    {
        ImmutableArray<Waiter> refused;
        Worker[] draining;
        lock (_gate)
        {
            refused = _state.Stop();
            draining = [.. _state.Workers.Where(one => one.State == WorkerState.Draining).Select(one => _workers[one.Worker])];
        }

        foreach (var waiter in refused)
        {
            waiter.Refuse(new PoolStoppedException("the call was waiting for a worker"));
        }

        return draining;
    }

    private async Task<Worker> WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        try
        {
            return Find(await waiter.Granted.WaitAsync(_options.QueueTimeout, _options.TimeProvider, cancellationToken));
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
}
