using System.Collections.Immutable;
using Snakepit.Scheduling;
using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>The part of the pool that its supervisor uses to report that workers start, become ready, are replaced and end.</summary>
internal sealed partial class WorkerPool
{
    /// <summary>The time to wait before the next worker is started in place of a worker that ended.</summary>
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

    /// <summary>Returns true if the worker is ready and runs no call at this moment.</summary>
    public bool IsIdle(PythonWorker worker)
    {
        lock (_gate)
        {
            return _state.Workers.Any(one => one.Worker == worker.Number && one is { State: WorkerState.Idle, InFlight: 0 });
        }
    }

    /// <summary>Adds a worker whose process is being started.</summary>
    public void Add(PythonWorker worker)
    {
        lock (_gate)
        {
            _workers.Add(worker.Number, worker);
            _state.Starting(worker.Number);
        }
    }

    /// <summary>
    /// Reports that a worker has started and can take calls. Returns false if the pool is stopping, so that the worker is not needed any
    /// more.
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

    /// <summary>Removes a worker that could not be started.</summary>
    public void StartFailed(PythonWorker worker, Exception exception) =>
        Remove(worker, exception, causedByTemplate: exception is TemplateLostException);

    /// <summary>
    /// Starts the successor of a worker that should be recycled. Returns false if the recycling has to wait, for example because another
    /// worker is being recycled.
    /// </summary>
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

    /// <summary>Replaces a worker that will never answer one of its calls. The worker is killed once its other calls have ended.</summary>
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

    /// <summary>
    /// Replaces a worker in which a cancelled call was interrupted at an arbitrary point, or must be. Returns false if the worker took no
    /// more calls already.
    /// </summary>
    public bool Interrupt(PythonWorker worker)
    {
        ImmutableArray<PoolDecision> decisions;
        bool takesNoMoreCalls, startSuccessor;
        lock (_gate)
        {
            takesNoMoreCalls = _state.Interrupt(worker.Number, out startSuccessor, out decisions);
        }

        if (startSuccessor)
        {
            _startSuccessor(TimeSpan.Zero);
        }

        CarryOut(decisions, ended: worker);
        return takesNoMoreCalls;
    }

    /// <summary>
    /// Returns how many calls that may still be answered run on a worker that takes no more calls. Returns null if the worker takes calls.
    /// </summary>
    public int? LastCallsOf(PythonWorker worker)
    {
        lock (_gate)
        {
            return _state.LastCallsOf(worker.Number);
        }
    }

    /// <summary>
    /// Removes a worker that is gone. If the worker was lost unexpectedly, a successor is started after the returned delay.
    /// </summary>
    public (WorkerDeparture Departure, TimeSpan RestartDelay) Remove(PythonWorker worker)
    {
        var (departure, delay) = Remove(worker, startFailure: null, causedByTemplate: false);
        if (departure == WorkerDeparture.Lost)
        {
            _startSuccessor(delay);
        }

        return (departure, delay);
    }

    /// <summary>Stops the pool: refuses all waiting callers and all later callers. Returns the workers that must be shut down.</summary>
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

/// <summary>The reasons why a worker is gone.</summary>
internal enum WorkerDeparture
{
    /// <summary>The worker was lost, and a successor is started.</summary>
    Lost,

    /// <summary>The worker was lost while it was being replaced, so its successor is already starting or ready.</summary>
    LostWhileReplaced,

    /// <summary>The pool has asked the worker to exit. The shutdown sequence makes sure that its process ends.</summary>
    ShutDown,

    /// <summary>
    /// The worker ran a call that it would never have answered, so the pool has killed the worker or was about to kill it.
    /// </summary>
    Killed,
}
