using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Snakepit.Scheduling;
using Snakepit.Threading;
using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>The shell around <see cref="PoolState"/>: owns the one lock, and carries out what the state decides, outside of it.</summary>
internal sealed class WorkerPool : IDisposable
{
    // The public type, for ObjectDisposedException.
    private const string PoolName = "SnakepitPool";

    private readonly SnakepitOptions _options;
    private readonly Lock _gate = new();
    private readonly PoolState _state;
    private readonly AffinityTable _sessions;
    private readonly Dictionary<int, PythonWorker> _workers = [];
    private readonly long _started, _patience;
    private readonly DeadlineTimer _deadlines;
    private Exception? _lastStartFailure;
    private long _queued;

    public WorkerPool(SnakepitOptions options)
    {
        _options = options;
        _sessions = new AffinityTable(options.Sessions.Limit, options.Sessions.IdleTimeout);
        _state = new PoolState(options.Workers, options.MaxConcurrentCallsPerWorker, options.QueueLimit, _sessions);
        _started = options.TimeProvider.GetTimestamp();
        _patience = options.QueueTimeout == Timeout.InfiniteTimeSpan
            ? long.MaxValue
            : (long)(options.QueueTimeout.TotalSeconds * options.TimeProvider.TimestampFrequency);
        _deadlines = new DeadlineTimer(options.TimeProvider, RefuseOverdue);
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

    /// <summary>The pool at one moment; of the calls it knows only those in flight.</summary>
    public PoolStatistics Snapshot(CallStatistics calls)
    {
        lock (_gate)
        {
            var workers = _state.Workers.Select(one =>
            {
                var worker = _workers[one.Worker];
                return new WorkerStatistics(one.Worker, worker.ProcessId, one.State, one.InFlight, worker.Endpoint);
            });
            return new PoolStatistics
            {
                Workers = [.. workers],
                Health = _state.Health,
                QueueLength = _state.QueueLength,
                Sessions = _sessions.Count,
                Calls = calls,
                Restarts = _state.Restarts,
                Recycles = _state.Recycles,
            };
        }
    }

    /// <summary>How long callers have waited for a worker, all together.</summary>
    public TimeSpan Queued => TimeSpan.FromTicks(Volatile.Read(ref _queued));

    /// <summary>When the workers were launched, connected, listened and had answered, as timestamps of the options' clock.</summary>
    public ImmutableArray<(long Launched, long Connected, long Listening, long Ready)> StartMoments
    {
        get
        {
            lock (_gate)
            {
                return [.. _workers.Values.Select(worker => worker.Moments)];
            }
        }
    }

    /// <summary>How many frames the workers that there are have exchanged with this process.</summary>
    public long FramesExchanged
    {
        get
        {
            lock (_gate)
            {
                return _workers.Values.Sum(worker => worker.Frames);
            }
        }
    }

    /// <summary>True if a worker runs nothing at this moment.</summary>
    public bool IsIdle(PythonWorker worker)
    {
        lock (_gate)
        {
            return _state.Workers.Any(one => one.Worker == worker.Number && one is { State: WorkerState.Idle, InFlight: 0 });
        }
    }

    /// <summary>
    /// Waits for a worker, first come, first served. The call that it is for must <see cref="Return"/> it, unless it is lost. Who has waited goes on
    /// where a frame was read: it must yield before it does anything but send its call.
    /// </summary>
    /// <exception cref="SnakepitException">There is none for it; the type tells why.</exception>
    /// <exception cref="ObjectDisposedException">The pool had stopped before.</exception>
    public ValueTask<WorkerLease> LeaseAsync(SessionEntry? session, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_gate)
        {
            var decision = _state.Request(session);
            switch (decision.Action)
            {
                case PoolAction.Grant:
                    return new ValueTask<WorkerLease>(new WorkerLease(_workers[decision.Worker], decision.IsHome));
                case PoolAction.Wait:
                    waiter = new Waiter(session, _options.TimeProvider.GetTimestamp());
                    _state.Enqueue(waiter);
                    _deadlines.Set(DueOf(waiter.Since));
                    break;
                default:
                    throw Refusal_NeedsLock(decision.Action, session);
            }
        }

        return WaitAsync(waiter, cancellationToken);
    }

    /// <summary>A call has ended: its worker goes on to the next. True if it is retired and has nothing more to do.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="session">The session that the call belonged to, if any.</param>
    /// <param name="successor">Who was granted the worker and is to be told, if anybody.</param>
    public bool Return(PythonWorker worker, SessionEntry? session, out ISuccessor? successor)
    {
        var now = session is null ? default : Now;
        PoolDecision decision;
        lock (_gate)
        {
            decision = _state.Return(worker.Number, session, now);
        }

        successor = decision.Waiter?.With(decision);
        return decision.Action == PoolAction.End;
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
    /// A worker can take calls; false if it became ready too late, because the pool is stopping and does not wait for it.
    /// </summary>
    /// <param name="worker">The worker.</param>
    /// <param name="ended">A retired worker that it has succeeded and that has nothing more to do, if any.</param>
    public bool Ready(PythonWorker worker, out PythonWorker? ended)
    {
        ImmutableArray<PoolDecision> decisions;
        ended = null;
        lock (_gate)
        {
            if (_state.IsStopping)
            {
                return false;
            }

            decisions = _state.Ready(worker.Number, Now);
            ended = Ended_NeedsLock(decisions);
        }

        CarryOut(decisions);
        return true;
    }

    /// <summary>A worker is to be recycled; true if its successor is to be started.</summary>
    public bool Recycle(PythonWorker worker)
    {
        lock (_gate)
        {
            return _state.Recycle(worker.Number);
        }
    }

    /// <summary>A worker will never answer one of its calls and takes no more; true if its successor is to be started.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="hasEnded">Whether it runs nothing else.</param>
    public bool Retire(PythonWorker worker, out bool hasEnded)
    {
        ImmutableArray<PoolDecision> decisions;
        bool startSuccessor;
        lock (_gate)
        {
            startSuccessor = _state.Retire(worker.Number, out decisions);
            hasEnded = Ended_NeedsLock(decisions) is not null;
        }

        CarryOut(decisions);
        return startSuccessor;
    }

    /// <summary>A worker has ended or cannot be used any more; true if it is to be replaced, false if that was planned or the pool is stopping.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="startFailure">Why it could not be started, if that is so.</param>
    public bool Remove(PythonWorker worker, Exception? startFailure = null)
    {
        ImmutableArray<PoolDecision> refused;
        bool isLost;
        lock (_gate)
        {
            _workers.Remove(worker.Number);
            _lastStartFailure = startFailure ?? _lastStartFailure;
            isLost = _state.Lost(worker.Number, Now, out refused, isInnocent: startFailure is TemplateLostException);
        }

        CarryOut(refused);
        return isLost;
    }

    /// <summary>Refuses those who wait and everyone who comes; returns the workers that are to be drained.</summary>
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
            waiter.Refuse(new PoolStoppedException("the call was waiting for a worker", hadBegun: false));
        }

        return draining;
    }

    /// <summary>The session of that key, opened if it is not.</summary>
    /// <exception cref="SessionLimitException">Too many are open.</exception>
    public SessionEntry OpenSession(string key, AffinityMode mode)
    {
        lock (_gate)
        {
            if (_state.IsStopping)
            {
                throw Refusal_NeedsLock(PoolAction.RefuseStopped, session: null);
            }

            return _sessions.Open(key, mode, Now) ?? throw new SessionLimitException(_sessions.Limit);
        }
    }

    /// <summary>Ends a session and refuses those of its calls that wait; returns the worker that keeps its state, if any.</summary>
    public PythonWorker? EndSession(SessionEntry session)
    {
        ImmutableArray<PoolDecision> refused;
        PythonWorker? home;
        lock (_gate)
        {
            home = _state.EndSession(session, out refused) ? _workers.GetValueOrDefault(session.Home) : null;
        }

        CarryOut(refused);
        return home;
    }

    /// <summary>Ends the sessions that nobody has used for too long; returns them with the workers that keep their state.</summary>
    public IReadOnlyList<(SessionEntry Session, PythonWorker? Home)> ExpireSessions()
    {
        lock (_gate)
        {
            return [.. _sessions.Expire(Now).Select(session => (session, _workers.GetValueOrDefault(session.Home)))];
        }
    }

    /// <summary>After <see cref="Stop"/>, when nobody waits any more.</summary>
    public void Dispose() => _deadlines.Dispose();

    private void CarryOut(ImmutableArray<PoolDecision> decisions)
    {
        foreach (var decision in decisions)
        {
            if (decision.Action == PoolAction.Grant)
            {
                decision.Waiter!.With(decision).Begin(here: false);
            }
            else if (decision.Waiter is { } refused)
            {
                Exception reason;
                lock (_gate)
                {
                    reason = Refusal_NeedsLock(decision.Action, refused.Session);
                }

                refused.Refuse(reason);
            }
        }
    }

    private Exception Refusal_NeedsLock(PoolAction action, SessionEntry? session) => action switch
    {
        PoolAction.RefuseSaturated => new PoolSaturatedException(_state.QueueLimit, _state.DesiredWorkers),
        PoolAction.RefuseUnavailable => new PoolUnavailableException(_state.RestartDelay, _lastStartFailure),
        PoolAction.RefuseOverdue => new QueueTimeoutException(_options.QueueTimeout, _state.DesiredWorkers),
        PoolAction.RefuseSessionBusy => new SessionBusyException(session!.Key),
        PoolAction.RefuseSessionLost => new SessionLostException(session!.Key, session.Loss!.Value),
        _ => new ObjectDisposedException(PoolName),
    };

    private PythonWorker? Ended_NeedsLock(ImmutableArray<PoolDecision> decisions)
    {
        foreach (var decision in decisions)
        {
            if (decision.Action == PoolAction.End)
            {
                return _workers[decision.Worker];
            }
        }

        return null;
    }

    /// <summary>A caller gives up waiting; nothing happens if it has been granted a worker, or refused, at the same moment.</summary>
    private void Abandon(Waiter waiter, CancellationToken cancellationToken)
    {
        bool left;
        lock (_gate)
        {
            left = _state.Abandon(waiter, Now);
        }

        if (left)
        {
            waiter.Refuse(new OperationCanceledException(cancellationToken));
        }
    }

    private void RefuseOverdue()
    {
        ImmutableArray<PoolDecision> refused;
        lock (_gate)
        {
            refused = _state.Overdue(_options.TimeProvider.GetTimestamp() - _patience, Now, out var oldest);
            _deadlines.HasRung();
            _deadlines.Set(DueOf(oldest));
        }

        CarryOut(refused);
    }

    /// <summary>Until when somebody waits who has waited since then.</summary>
    private long DueOf(long since) => since > long.MaxValue - _patience ? long.MaxValue : since + _patience;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<WorkerLease> WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        PoolDecision granted;
        var givingUp = cancellationToken.UnsafeRegister(
            static (waiting, token) =>
            {
                var (pool, waiter) = ((WorkerPool, Waiter))waiting!;
                pool.Abandon(waiter, token);
            },
            cancellationToken.CanBeCanceled ? (this, waiter) : null);
        try
        {
            granted = await waiter.Granted;
        }
        finally
        {
            givingUp.Unregister(); // one that runs already finds that the waiter has left
            Interlocked.Add(ref _queued, _options.TimeProvider.GetElapsedTime(waiter.Since).Ticks);
        }

        lock (_gate)
        {
            if (_workers.TryGetValue(granted.Worker, out var worker))
            {
                return new WorkerLease(worker, granted.IsHome);
            }
        }

        // The worker was lost before the call reached it: it asks again.
        await Task.Yield();
        lock (_gate)
        {
            if (_state.IsStopping)
            {
                throw new PoolStoppedException("the call was waiting for a worker", hadBegun: false);
            }
        }

        return await LeaseAsync(waiter.Session, cancellationToken);
    }
}
