using System.Collections.Immutable;
using Snakepit.Scheduling;
using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>The part of the pool that its supervisor uses: workers start, become ready, are replaced and end.</summary>
internal sealed partial class WorkerPool
{
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

    /// <summary>True if the worker is ready and runs no call at this moment.</summary>
    public bool IsIdle(PythonWorker worker)
    {
        lock (_gate)
        {
            return _state.Workers.Any(one => one.Worker == worker.Number && one is { State: WorkerState.Idle, InFlight: 0 });
        }
    }

    /// <summary>A worker is being started.</summary>
    public void Add(PythonWorker worker)
    {
        lock (_gate)
        {
            _workers.Add(worker.Number, worker);
            _state.Starting(worker.Number);
        }
    }

    /// <summary>
    /// A worker has started and can take calls. False if it came too late, because the pool is stopping and does not wait for it.
    /// </summary>
    public bool Ready(PythonWorker worker)
    {
        ImmutableArray<PoolDecision> decisions;
        PythonWorker? replaced;
        lock (_gate)
        {
            if (_state.IsStopping)
            {
                return false;
            }

            decisions = _state.Ready(worker.Number, Now);
            replaced = EndedBy_NeedsLock(decisions);
        }

        CarryOut(decisions, replaced);
        return true;
    }

    /// <summary>A worker could not be started.</summary>
    public void StartFailed(PythonWorker worker, Exception exception) =>
        Remove(worker, exception, causedByTemplate: exception is TemplateLostException);

    /// <summary>A worker should be recycled. False if that has to wait.</summary>
    public bool Recycle(PythonWorker worker)
    {
        lock (_gate)
        {
            if (!_state.Recycle(worker.Number))
            {
                return false;
            }
        }

        _startSuccessor(TimeSpan.Zero);
        return true;
    }

    /// <summary>A worker will never answer one of its calls. It is replaced, and killed once its other calls have ended.</summary>
    public void Retire(PythonWorker worker)
    {
        ImmutableArray<PoolDecision> decisions;
        bool startSuccessor;
        lock (_gate)
        {
            startSuccessor = _state.Retire(worker.Number, out decisions);
        }

        if (startSuccessor)
        {
            _startSuccessor(TimeSpan.Zero);
        }

        CarryOut(decisions, ended: worker);
    }

    /// <summary>A worker is gone. If that was not planned, a successor is started after the returned delay.</summary>
    public (WorkerDeparture Departure, TimeSpan RestartDelay) Remove(PythonWorker worker)
    {
        var (departure, delay) = Remove(worker, startFailure: null, causedByTemplate: false);
        if (departure == WorkerDeparture.Lost)
        {
            _startSuccessor(delay);
        }

        return (departure, delay);
    }

    /// <summary>The pool stops: refuses waiting callers and all later ones. Returns the workers that must be shut down.</summary>
    public PythonWorker[] Stop()
    {
        ImmutableArray<Waiter> refused;
        PythonWorker[] draining;
        lock (_gate)
        {
            refused = _state.Stop();
            draining = [.. _state.Workers.Where(one => one.State == WorkerState.Draining).Select(one => _workers[one.Worker])];
        }

        foreach (var waiter in refused)
        {
            ((QueuedLease)waiter).Refuse(StoppedWhileWaiting());
        }

        return draining;
    }

    private (WorkerDeparture Departure, TimeSpan RestartDelay) Remove(PythonWorker worker, Exception? startFailure, bool causedByTemplate)
    {
        ImmutableArray<PoolDecision> refused;
        WorkerDeparture departure;
        TimeSpan delay;
        lock (_gate)
        {
            if (_workers.Remove(worker.Number))
            {
                _framesOfGoneWorkers += worker.Frames;
            }

            _lastStartFailure = startFailure ?? _lastStartFailure;
            var ending = _state.EndingOf(worker.Number);
            var isLost = _state.Lost(worker.Number, Now, out refused, causedByTemplate);
            departure = isLost ? WorkerDeparture.Lost : ending switch
            {
                WorkerEnding.ShutDown => WorkerDeparture.ShutDown,
                WorkerEnding.Kill => WorkerDeparture.Killed,
                _ => WorkerDeparture.LostWhileReplaced,
            };
            delay = _state.RestartDelay;
        }

        CarryOut(refused);
        return (departure, delay);
    }
}

/// <summary>Why a worker is gone.</summary>
internal enum WorkerDeparture
{
    /// <summary>It was lost, and a successor is started.</summary>
    Lost,

    /// <summary>It was lost while it was being replaced, so that a successor is starting or ready already.</summary>
    LostWhileReplaced,

    /// <summary>The pool has asked it to exit. The shutdown sequence makes sure that its process ends.</summary>
    ShutDown,

    /// <summary>It ran a call that it would never have answered, so the pool has killed it or was about to.</summary>
    Killed,
}
