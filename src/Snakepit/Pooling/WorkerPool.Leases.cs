using System.Collections.Immutable;
using Snakepit.Protocol;
using Snakepit.Scheduling;
using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>The part of the pool that callers use: callers lease workers, wait for free workers and return them.</summary>
internal sealed partial class WorkerPool
{
    /// <summary>
    /// Leases an idle worker. If no worker is idle, the caller enters the queue, which is served in order of arrival.
    /// <paramref name="enqueue"/> creates the caller's entry in the queue.
    /// </summary>
    /// <param name="session">The session that the call belongs to, if any.</param>
    /// <param name="state">The value that is passed to <paramref name="enqueue"/>, so that the function needs no closure.</param>
    /// <param name="enqueue">
    /// Creates the entry in the queue. Receives the current time, as a timestamp of the clock, and runs under the pool's lock.
    /// </param>
    /// <returns>The lease; null if the caller has entered the queue.</returns>
    /// <exception cref="SnakepitException">The pool refuses the call; the type of the exception says why.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been stopped.</exception>
    public WorkerLease? Lease<TState>(SessionEntry? session, TState state, Func<TState, long, QueuedLease> enqueue)
    {
        lock (_gate)
        {
            if (Request_NeedsLock(session) is { } lease)
            {
                return lease;
            }

            Enqueue_NeedsLock(enqueue(state, _time.GetTimestamp()));
            return null;
        }
    }

    /// <summary>Does the same as <see cref="Lease"/>, for a caller whose granted worker was lost before the caller could use it.</summary>
    /// <exception cref="SnakepitException">The pool refuses the call; the type of the exception says why.</exception>
    public WorkerLease? LeaseAgain(QueuedLease caller)
    {
        lock (_gate)
        {
            if (_state.IsStopping)
            {
                throw StoppedWhileWaiting(); // not ObjectDisposedException, because the caller came before the pool was disposed
            }

            if (Request_NeedsLock(caller.Session) is { } lease)
            {
                return lease;
            }

            caller.WaitSince(_time.GetTimestamp());
            Enqueue_NeedsLock(caller);
            return null;
        }
    }

    /// <summary>Leases a worker that will be asked for the list of its tools.</summary>
    /// <exception cref="SnakepitException">The pool has no worker for the request; the type of the exception says why.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been stopped.</exception>
    public async Task<WorkerLease> LeaseAsync(CancellationToken cancellationToken)
    {
        QueuedListing? queued = null;
        var lease = Lease(session: null, this, (pool, now) => queued = new QueuedListing(pool, now, cancellationToken));
        if (lease is { } granted)
        {
            return granted;
        }

        using var givingUp = cancellationToken.UnsafeRegister(
            static (queued, token) => ((QueuedListing)queued!).Abandon(new OperationCanceledException(token)), queued);
        return await queued!.Lease.ConfigureAwait(false);
    }

    /// <summary>Returns a worker to the pool after a call has ended. The worker can then take another call.</summary>
    /// <param name="worker">The worker that ran the call.</param>
    /// <param name="session">The session that the ended call belonged to, if any.</param>
    /// <param name="sessionIsOver">Set to true if the session of the call has ended in the meantime.</param>
    /// <returns>
    /// The waiting caller that gets the worker next, on which <see cref="INextCaller.Start"/> must still be called; null if no caller gets
    /// it.
    /// </returns>
    public INextCaller? Return(PythonWorker worker, SessionEntry? session, out bool sessionIsOver)
    {
        var now = session is null ? default : Now;
        PoolDecision decision;
        lock (_gate)
        {
            decision = _state.Return(worker.Number, session, now);
            sessionIsOver = session is { IsOver: true };
        }

        if (decision.Action is PoolAction.ShutDown or PoolAction.Kill)
        {
            _end(worker, decision.Action);
        }

        return ((QueuedLease?)decision.Waiter)?.Grant(decision);
    }

    /// <summary>Returns a leased worker on which no call was made.</summary>
    public void ReturnUnused(WorkerLease lease, SessionEntry? session) => Return(lease.Worker, session, out _)?.Start(inline: false);

    /// <summary>
    /// Takes a caller that has cancelled out of the queue. Returns false if the caller was granted a worker or was refused in the meantime.
    /// </summary>
    public bool Abandon(QueuedLease caller)
    {
        lock (_gate)
        {
            return _state.Abandon(caller, Now);
        }
    }

    /// <summary>Returns the worker with this number; null if the worker is gone.</summary>
    public PythonWorker? Find(int worker)
    {
        lock (_gate)
        {
            return _workers.GetValueOrDefault(worker);
        }
    }

    /// <summary>
    /// Adds to the total queue time the wait of a caller that began to wait at this timestamp and does not wait any more. Returns how long
    /// it has waited.
    /// </summary>
    public TimeSpan CountQueueTime(long since)
    {
        var waited = _time.GetElapsedTime(since);
        Interlocked.Add(ref _queueTime, waited.Ticks);
        return waited;
    }

    private static PoolStoppedException StoppedWhileWaiting() => new("the call was waiting for a worker", hadBegun: false);

    /// <summary>Asks the scheduler for a worker. Returns the lease, or null if the caller has to wait.</summary>
    /// <exception cref="SnakepitException">The pool refuses the call; the type says why.</exception>
    private WorkerLease? Request_NeedsLock(SessionEntry? session)
    {
        var decision = _state.Request(session);
        return decision.Action switch
        {
            PoolAction.Grant => new WorkerLease(_workers[decision.Worker], decision.IsHome),
            PoolAction.Wait => null,
            _ => throw Refusal_NeedsLock(decision.Action, session),
        };
    }

    private void Enqueue_NeedsLock(QueuedLease caller)
    {
        _state.Enqueue(caller);
        _queueDeadlines.Set(QueueDeadlineOf(caller.Since));
    }

    private void RefuseOverdue()
    {
        ImmutableArray<PoolDecision> refused;
        lock (_gate)
        {
            refused = _state.Overdue(_time.GetTimestamp() - _queueTimeoutTicks, Now, out var oldest);
            _queueDeadlines.Fired();
            _queueDeadlines.Set(QueueDeadlineOf(oldest));
        }

        CarryOut(refused);
    }

    /// <summary>Returns when a caller that began to wait at <paramref name="since"/> has waited for the queue timeout.</summary>
    private long QueueDeadlineOf(long since) => since > long.MaxValue - _queueTimeoutTicks ? long.MaxValue : since + _queueTimeoutTicks;
}
