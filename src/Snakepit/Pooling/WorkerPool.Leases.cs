using System.Collections.Immutable;
using Snakepit.Protocol;
using Snakepit.Scheduling;
using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>The part of the pool that callers use: they lease slots on workers, wait for them and give them back.</summary>
internal sealed partial class WorkerPool
{
    /// <summary>
    /// Leases an idle worker. If there is none, the caller enters the queue, first come first served, as what <paramref name="enqueue"/>
    /// creates.
    /// </summary>
    /// <param name="session">The session that the call belongs to, if any.</param>
    /// <param name="state">Passed to <paramref name="enqueue"/>.</param>
    /// <param name="enqueue">
    /// Creates the entry in the queue, given the time as a timestamp of the clock. Runs under the pool's lock.
    /// </param>
    /// <returns>The lease; null if the caller waits.</returns>
    /// <exception cref="SnakepitException">The pool refuses the call; the type says why.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been stopped.</exception>
    public WorkerLease? Lease<TState>(SessionEntry? session, TState state, Func<TState, long, QueuedLease> enqueue)
    {
        lock (_gate)
        {
            var decision = _state.Request(session);
            switch (decision.Action)
            {
                case PoolAction.Grant:
                    return new WorkerLease(_workers[decision.Worker], decision.IsHome);
                case PoolAction.Wait:
                    Enqueue_NeedsLock(enqueue(state, _time.GetTimestamp()));
                    return null;
                default:
                    throw Refusal_NeedsLock(decision.Action, session);
            }
        }
    }

    /// <summary>As <see cref="Lease"/>, for a caller whose granted worker was lost before the caller could use it.</summary>
    /// <exception cref="SnakepitException">The pool refuses the call; the type says why.</exception>
    public WorkerLease? LeaseAgain(QueuedLease caller)
    {
        lock (_gate)
        {
            if (_state.IsStopping)
            {
                throw StoppedWhileWaiting(); // and not ObjectDisposedException, because the caller came before the pool was disposed
            }

            var decision = _state.Request(caller.Session);
            switch (decision.Action)
            {
                case PoolAction.Grant:
                    return new WorkerLease(_workers[decision.Worker], decision.IsHome);
                case PoolAction.Wait:
                    caller.WaitSince(_time.GetTimestamp());
                    Enqueue_NeedsLock(caller);
                    return null;
                default:
                    throw Refusal_NeedsLock(decision.Action, caller.Session);
            }
        }
    }

    /// <summary>Leases a worker to ask it for its tools.</summary>
    /// <exception cref="SnakepitException">The pool has no worker for it; the type says why.</exception>
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
        return await queued!.Lease;
    }

    /// <summary>A call has ended: its slot is free.</summary>
    /// <param name="worker">The worker that ran the call.</param>
    /// <param name="session">The session that the call belonged to, if any.</param>
    /// <param name="sessionIsOver">True if that session has ended in the meantime.</param>
    /// <returns>The waiting caller who takes the slot and is still to be started; null if there is none.</returns>
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

    /// <summary>Gives back a slot on which no call was made.</summary>
    public void ReturnUnused(WorkerLease lease, SessionEntry? session) => Return(lease.Worker, session, out _)?.Start(inline: false);

    /// <summary>A waiting caller gives up; false if it has been granted a worker or was refused in the meantime.</summary>
    public bool Abandon(QueuedLease caller)
    {
        lock (_gate)
        {
            return _state.Abandon(caller, Now);
        }
    }

    /// <summary>The worker with this number; null if it is gone.</summary>
    public PythonWorker? Find(int worker)
    {
        lock (_gate)
        {
            return _workers.GetValueOrDefault(worker);
        }
    }

    /// <summary>A caller that has waited since then does not wait any more.</summary>
    public void CountQueueTime(long since) => Interlocked.Add(ref _queueTime, _time.GetElapsedTime(since).Ticks);

    private static PoolStoppedException StoppedWhileWaiting() => new("the call was waiting for a worker", hadBegun: false);

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

    /// <summary>The queue deadline of a caller that began to wait at <paramref name="since"/>.</summary>
    private long QueueDeadlineOf(long since) => since > long.MaxValue - _queueTimeoutTicks ? long.MaxValue : since + _queueTimeoutTicks;
}
