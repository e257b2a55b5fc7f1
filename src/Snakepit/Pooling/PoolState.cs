using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Snakepit.Pooling;

/// <summary>
/// Every decision of a pool, and nothing else: no clock, no I/O, no lock. It is told what happened and answers what is to be done.
/// Invariant: nobody waits while a worker is idle.
/// </summary>
internal sealed class PoolState(int desiredWorkers, int capacity, int queueLimit)
{
    private sealed class Entry(int id)
    {
        public int Id => id;
        public WorkerState State = WorkerState.Starting;
        public int InFlight;
        public TimeSpan ReadySince;
    }

    private readonly List<Entry> _workers = [];
    private readonly WaitQueue _queue = new();
    private readonly RestartBackoff _backoff = new(desiredWorkers);
    private bool _stopping;

    public int QueueLength => _queue.Count;

    public int QueueLimit => queueLimit;

    public int DesiredWorkers => desiredWorkers;

    public bool IsStopping => _stopping;

    /// <summary>Workers that were lost after they had been ready, each of which is replaced.</summary>
    public long Restarts { get; private set; }

    /// <summary>How long to wait before the next worker starts in place of one that ended.</summary>
    public TimeSpan RestartDelay { get; private set; }

    /// <summary>A call asks for a worker. After <see cref="PoolAction.Wait"/> the caller must <see cref="Enqueue"/>, in the same turn.</summary>
    public PoolDecision Request()
    {
        if (_stopping)
        {
            return new PoolDecision(PoolAction.RefuseStopped);
        }

        if (LeastBusy() is { } entry)
        {
            Occupy(entry);
            return new PoolDecision(PoolAction.Grant, entry.Id);
        }

        return new PoolDecision(_queue.Count < queueLimit ? PoolAction.Wait : PoolAction.RefuseSaturated);
    }

    public void Enqueue(Waiter waiter) => _queue.Enqueue(waiter);

    /// <summary>A waiter gives up; false if it has been granted a worker, or refused, in the meantime.</summary>
    public bool Abandon(Waiter waiter) => _queue.Remove(waiter);

    /// <summary>A call has ended on a worker: it goes to whoever waits longest.</summary>
    public PoolDecision Return(int worker)
    {
        if (Find(worker) is not { } entry)
        {
            return default; // lost in the meantime
        }

        entry.InFlight--;
        if (entry.State == WorkerState.Busy)
        {
            entry.State = WorkerState.Idle;
        }

        return GrantNext(entry);
    }

    /// <summary>A worker's process is being started.</summary>
    public void Starting(int worker) => _workers.Add(new Entry(worker));

    /// <summary>A worker has answered its first ping: one decision for each call that it can take now.</summary>
    public ImmutableArray<PoolDecision> Ready(int worker, TimeSpan now)
    {
        if (Find(worker) is not { } entry)
        {
            return [];
        }

        entry.ReadySince = now;
        entry.State = WorkerState.Idle;
        var grants = ImmutableArray.CreateBuilder<PoolDecision>();
        while (GrantNext(entry) is { Action: PoolAction.Grant } grant)
        {
            grants.Add(grant);
        }

        return grants.ToImmutable();
    }

    /// <summary>A worker has ended or is no longer to be used; true if a successor is to start, after <see cref="RestartDelay"/>.</summary>
    public bool Lost(int worker, TimeSpan now)
    {
        if (Find(worker) is not { } entry)
        {
            return false;
        }

        _workers.Remove(entry);
        if (_stopping)
        {
            return false;
        }

        var wasReady = entry.State != WorkerState.Starting;
        Restarts += wasReady ? 1 : 0;
        RestartDelay = _backoff.AfterLife(wasReady ? now - entry.ReadySince : TimeSpan.Zero);
        return true;
    }

    /// <summary>The pool stops: every worker drains, and these callers, who wait in vain, are to be refused.</summary>
    public ImmutableArray<Waiter> Stop()
    {
        _stopping = true;
        var refused = ImmutableArray.CreateBuilder<Waiter>(_queue.Count);
        while (_queue.Dequeue() is { } waiter)
        {
            refused.Add(waiter);
        }

        foreach (var entry in _workers)
        {
            entry.State = entry.State == WorkerState.Starting ? entry.State : WorkerState.Draining;
        }

        return refused.ToImmutable();
    }

    /// <summary>The workers as they are now, oldest first.</summary>
    public IEnumerable<(int Worker, WorkerState State, int InFlight)> Workers =>
        _workers.Select(entry => (entry.Id, entry.State, entry.InFlight));

    private PoolDecision GrantNext(Entry entry)
    {
        if (entry.State != WorkerState.Idle || _queue.Dequeue() is not { } waiter)
        {
            return default;
        }

        Occupy(entry);
        return new PoolDecision(PoolAction.Grant, entry.Id, waiter);
    }

    private void Occupy(Entry entry)
    {
        entry.InFlight++;
        if (entry.InFlight >= capacity)
        {
            entry.State = WorkerState.Busy;
        }
    }

    private Entry? LeastBusy()
    {
        Entry? best = null;
        foreach (var entry in CollectionsMarshal.AsSpan(_workers))
        {
            if (entry.State == WorkerState.Idle && (best is null || entry.InFlight < best.InFlight))
            {
                best = entry;
                if (best.InFlight == 0)
                {
                    break; // the same worker again and again while one is enough: its caches are warm
                }
            }
        }

        return best;
    }

    private Entry? Find(int worker)
    {
        foreach (var entry in CollectionsMarshal.AsSpan(_workers))
        {
            if (entry.Id == worker)
            {
                return entry;
            }
        }

        return null;
    }
}
