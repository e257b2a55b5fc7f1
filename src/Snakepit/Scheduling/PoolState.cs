using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Snakepit.Scheduling;

/// <summary>
/// Every decision of a pool, and nothing else: no clock, no I/O, no lock. It is told what happened and answers what is to be done.
/// Invariants: nobody waits while a worker that may serve it is idle; those who may be served by the same worker are served in the order
/// in which they came; of the workers that are to stay there are never more than wanted.
/// </summary>
internal sealed class PoolState(int desiredWorkers, int capacity, int queueLimit, AffinityTable sessions)
{
    private sealed class Entry(int id)
    {
        public int Id => id;
        public WorkerState State = WorkerState.Starting;
        public int InFlight;
        public TimeSpan ReadySince;

        /// <summary>Its successor is starting or has started: its end is not a loss.</summary>
        public bool IsReplaced;

        /// <summary>Calls among those in flight that it will never answer.</summary>
        public int Stuck;

        /// <summary>Those who wait for this worker and no other.</summary>
        public readonly WaitQueue Pinned = new();

        /// <summary>The sessions of the calls in flight.</summary>
        public readonly List<SessionEntry> Serving = [];
    }

    // A start or two may fail by chance.
    private const int FewestFailures = 3;

    private readonly List<Entry> _workers = [];
    private readonly WaitQueue _queue = new();
    private readonly RestartBackoff _backoff = new(desiredWorkers);
    private long _lastTicket;
    private int _waiting;
    private int _failedStarts;
    private bool _stopping;

    public PoolState(int desiredWorkers, int capacity, int queueLimit)
        : this(desiredWorkers, capacity, queueLimit, new AffinityTable(limit: 10_000, Timeout.InfiniteTimeSpan))
    {
    }

    public int QueueLength => _waiting;

    public int QueueLimit => queueLimit;

    public int DesiredWorkers => desiredWorkers;

    public bool IsStopping => _stopping;

    /// <summary>Workers that were lost after they had been ready, each of which is replaced.</summary>
    public long Restarts { get; private set; }

    /// <summary>Workers that were replaced as planned.</summary>
    public long Recycles { get; private set; }

    /// <summary>How long to wait before the next worker starts in place of one that ended.</summary>
    public TimeSpan RestartDelay { get; private set; }

    /// <summary>The workers as they are now, oldest first.</summary>
    public IEnumerable<(int Worker, WorkerState State, int InFlight)> Workers =>
        _workers.Select(entry => (entry.Id, entry.State, entry.InFlight));

    public PoolHealth Health => IsUnavailable ? PoolHealth.Unavailable
        : RestartDelay > TimeSpan.Zero && _workers.Count(IsReady) < desiredWorkers ? PoolHealth.Degraded
        : PoolHealth.Healthy;

    /// <summary>No worker is ready, and so many starts in a row have failed that there is no point in waiting for the next one.</summary>
    private bool IsUnavailable => _failedStarts >= Math.Max(FewestFailures, desiredWorkers) && !_workers.Exists(IsReady);

    /// <summary>A call asks for a worker. After <see cref="PoolAction.Wait"/> the caller must <see cref="Enqueue"/>, in the same turn.</summary>
    public PoolDecision Request(SessionEntry? session = null)
    {
        if (_stopping)
        {
            return new PoolDecision(PoolAction.RefuseStopped);
        }

        if (session is { IsOver: true })
        {
            return new PoolDecision(PoolAction.RefuseSessionLost);
        }

        if (Choose(session) is { } entry)
        {
            return Occupy(entry, waiter: null, session);
        }

        return new PoolDecision(
            IsUnavailable ? PoolAction.RefuseUnavailable
            : session is { Mode: AffinityMode.FailFast } ? PoolAction.RefuseSessionBusy
            : _waiting < queueLimit ? PoolAction.Wait
            : PoolAction.RefuseSaturated);
    }

    public void Enqueue(Waiter waiter)
    {
        waiter.Ticket = ++_lastTicket;
        _waiting++;
        if (waiter.Session is { } session)
        {
            session.Waiting++;
        }

        QueueOf(waiter.Session).Enqueue(waiter);
    }

    /// <summary>A waiter gives up; false if it has been granted a worker, or refused, in the meantime.</summary>
    public bool Abandon(Waiter waiter, TimeSpan now)
    {
        if (waiter.Queue is null)
        {
            return false;
        }

        Leave(waiter, now);
        return true;
    }

    /// <summary>Those who have waited since <paramref name="since"/> or longer are refused, in the order in which they came.</summary>
    /// <param name="since">As <see cref="Waiter.Since"/>.</param>
    /// <param name="now">The moment.</param>
    /// <param name="oldest">Since when the first of the others has waited; the largest number if there is none.</param>
    public ImmutableArray<PoolDecision> Overdue(long since, TimeSpan now, out long oldest)
    {
        var refused = ImmutableArray.CreateBuilder<PoolDecision>();
        oldest = long.MaxValue;
        foreach (var queue in _workers.Select(entry => entry.Pinned).Prepend(_queue))
        {
            while (queue.First is { } waiter && waiter.Since <= since)
            {
                Leave(waiter, now);
                refused.Add(new PoolDecision(PoolAction.RefuseOverdue, Waiter: waiter));
            }

            oldest = Math.Min(oldest, queue.First?.Since ?? long.MaxValue);
        }

        refused.Sort((one, other) => one.Waiter!.Ticket.CompareTo(other.Waiter!.Ticket));
        return refused.ToImmutable();
    }

    /// <summary>A call has ended on a worker: it goes to whoever waits longest, or ends if it is retired and was the last.</summary>
    public PoolDecision Return(int worker, SessionEntry? session = null, TimeSpan now = default)
    {
        if (Find(worker) is not { } entry)
        {
            return default; // lost in the meantime
        }

        entry.InFlight--;
        if (session is not null && entry.Serving.Remove(session))
        {
            session.Running--;
            session.LastUsed = now;
        }

        if (entry.State == WorkerState.Busy)
        {
            entry.State = WorkerState.Idle;
        }

        return entry.State == WorkerState.Draining ? EndOf(entry) : GrantNext(entry);
    }

    /// <summary>A worker's process is being started.</summary>
    public void Starting(int worker) => _workers.Add(new Entry(worker));

    /// <summary>
    /// A worker has answered its first ping: one decision for each call that it can take now, and for the worker that it succeeds.
    /// </summary>
    public ImmutableArray<PoolDecision> Ready(int worker, TimeSpan now)
    {
        if (Find(worker) is not { } entry)
        {
            return [];
        }

        _failedStarts = 0;
        entry.ReadySince = now;
        entry.State = WorkerState.Idle;
        var decisions = ImmutableArray.CreateBuilder<PoolDecision>();
        if (Predecessor() is { } old)
        {
            Recycles++;
            Drain(old, SessionLoss.WorkerRecycled, decisions);
        }

        while (GrantNext(entry) is { Action: PoolAction.Grant } grant)
        {
            decisions.Add(grant);
        }

        return decisions.ToImmutable();
    }

    /// <summary>
    /// A worker is to be recycled: it goes on until its successor is ready. True if that successor is to be started; one at a time.
    /// </summary>
    public bool Recycle(int worker)
    {
        if (_stopping || Predecessor() is not null || Find(worker) is not { State: WorkerState.Idle or WorkerState.Busy } entry)
        {
            return false;
        }

        entry.IsReplaced = true;
        return true;
    }

    /// <summary>
    /// A worker will never answer one of its calls: it takes no others, and ends when it runs nothing else. The decisions refuse those who
    /// waited for it alone, and end it if it runs nothing else now.
    /// </summary>
    /// <returns>True if a successor is to be started.</returns>
    public bool Retire(int worker, out ImmutableArray<PoolDecision> decisions)
    {
        decisions = [];
        if (Find(worker) is not { } entry)
        {
            return false;
        }

        entry.Stuck++;
        var refused = ImmutableArray.CreateBuilder<PoolDecision>();
        var startSuccessor = !entry.IsReplaced && !_stopping;
        var wasReady = IsReady(entry);
        Drain(entry, SessionLoss.WorkerLost, refused);
        decisions = refused.ToImmutable();
        Restarts += wasReady && !_stopping ? 1 : 0; // even if its successor, because it was to be recycled, starts already
        return startSuccessor;
    }

    /// <summary>
    /// A worker has ended or is no longer to be used; true if a successor is to start, after <see cref="RestartDelay"/>. The refused are those
    /// who waited for this worker alone, or for any if there is no hope for one.
    /// </summary>
    /// <param name="worker">The worker.</param>
    /// <param name="now">When it was lost.</param>
    /// <param name="refused">Those who waited in vain.</param>
    /// <param name="isInnocent">True for a start that failed with the template: it tells nothing about the next one.</param>
    public bool Lost(int worker, TimeSpan now, out ImmutableArray<PoolDecision> refused, bool isInnocent = false)
    {
        refused = [];
        if (Find(worker) is not { } entry)
        {
            return false;
        }

        _workers.Remove(entry);
        entry.Serving.ForEach(session => (session.Running, session.LastUsed) = (session.Running - 1, now));
        var decisions = ImmutableArray.CreateBuilder<PoolDecision>();
        GiveUpSessions(entry, SessionLoss.WorkerLost, decisions);
        var isLoss = !_stopping && !entry.IsReplaced;
        if (!_stopping && entry.IsReplaced && IsReady(entry))
        {
            Restarts++; // it was to be recycled, and its successor starts already
        }

        if (isLoss && !isInnocent)
        {
            var wasReady = entry.State != WorkerState.Starting;
            Restarts += wasReady ? 1 : 0;
            _failedStarts += wasReady ? 0 : 1;
            RestartDelay = _backoff.AfterLife(wasReady ? now - entry.ReadySince : TimeSpan.Zero, now);
        }

        if (IsUnavailable)
        {
            RefuseAll(_queue, PoolAction.RefuseUnavailable, decisions, now);
        }

        refused = decisions.ToImmutable();
        return isLoss;
    }

    /// <summary>A session ends: those of its calls that wait are refused; false if it is over already.</summary>
    public bool EndSession(SessionEntry session, out ImmutableArray<PoolDecision> refused)
    {
        refused = [];
        var queue = QueueOf(session);
        if (!sessions.End(session, SessionLoss.Ended))
        {
            return false;
        }

        var decisions = ImmutableArray.CreateBuilder<PoolDecision>();
        for (var (waiter, next) = (queue.First, default(Waiter)); session.Waiting > 0 && waiter is not null; waiter = next)
        {
            next = waiter.Next;
            if (waiter.Session == session)
            {
                Leave(waiter);
                decisions.Add(new PoolDecision(PoolAction.RefuseSessionLost, Waiter: waiter));
            }
        }

        refused = decisions.ToImmutable();
        return true;
    }

    /// <summary>The pool stops: every worker drains, and these callers, who wait in vain, are to be refused.</summary>
    public ImmutableArray<Waiter> Stop()
    {
        _stopping = true;
        var refused = ImmutableArray.CreateBuilder<PoolDecision>();
        RefuseAll(_queue, PoolAction.RefuseStopped, refused);
        foreach (var entry in _workers)
        {
            RefuseAll(entry.Pinned, PoolAction.RefuseStopped, refused);
            entry.State = entry.State == WorkerState.Starting ? entry.State : WorkerState.Draining;
        }

        return [.. refused.Select(decision => decision.Waiter!).OrderBy(waiter => waiter.Ticket)];
    }

    private static bool IsReady(Entry entry) => entry.State is WorkerState.Idle or WorkerState.Busy;

    /// <summary>The worker whose successor is awaited, if any.</summary>
    private Entry? Predecessor() => _workers.Find(entry => entry.IsReplaced && IsReady(entry));

    /// <summary>The worker that a call gets at once; null if it has to wait.</summary>
    private Entry? Choose(SessionEntry? session)
    {
        if (session is null || session.Home == 0)
        {
            return LeastBusy();
        }

        var home = Find(session.Home);
        return home is { State: WorkerState.Idle } ? home
            : session.Mode == AffinityMode.Prefer ? LeastBusy()
            : null;
    }

    /// <summary>Where a call waits: for its session's worker, or for any.</summary>
    private WaitQueue QueueOf(SessionEntry? session) =>
        session is { Home: not 0, Mode: not AffinityMode.Prefer } && Find(session.Home) is { } home ? home.Pinned : _queue;

    private PoolDecision GrantNext(Entry entry)
    {
        if (entry.State != WorkerState.Idle)
        {
            return default;
        }

        var (pinned, any) = (entry.Pinned.First, _queue.First);
        var waiter = pinned is null || (any is not null && any.Ticket < pinned.Ticket) ? any : pinned;
        if (waiter is null)
        {
            return default;
        }

        Leave(waiter);
        return Occupy(entry, waiter, waiter.Session);
    }

    private PoolDecision Occupy(Entry entry, Waiter? waiter, SessionEntry? session)
    {
        entry.InFlight++;
        if (entry.InFlight >= capacity)
        {
            entry.State = WorkerState.Busy;
        }

        if (session is null)
        {
            return new PoolDecision(PoolAction.Grant, entry.Id, waiter);
        }

        entry.Serving.Add(session);
        session.Running++;
        if (session.Home == 0)
        {
            Settle(session, entry);
        }

        return new PoolDecision(PoolAction.Grant, entry.Id, waiter, IsHome: session.Home == entry.Id);
    }

    /// <summary>A session has found its worker: those of its calls that wait already wait for that one from now on.</summary>
    private void Settle(SessionEntry session, Entry home)
    {
        session.Home = home.Id;
        if (session.Waiting == 0 || session.Mode == AffinityMode.Prefer)
        {
            return;
        }

        for (var (waiter, next) = (_queue.First, default(Waiter)); waiter is not null; waiter = next)
        {
            next = waiter.Next;
            if (waiter.Session == session)
            {
                _queue.Remove(waiter);
                home.Pinned.Enqueue(waiter);
            }
        }
    }

    /// <summary>A worker takes no more calls; its sessions' state goes with it.</summary>
    private void Drain(Entry entry, SessionLoss reason, ImmutableArray<PoolDecision>.Builder decisions)
    {
        entry.State = WorkerState.Draining;
        entry.IsReplaced = true;
        GiveUpSessions(entry, reason, decisions);
        if (EndOf(entry) is { Action: PoolAction.End } end)
        {
            decisions.Add(end);
        }
    }

    private void GiveUpSessions(Entry entry, SessionLoss reason, ImmutableArray<PoolDecision>.Builder decisions)
    {
        sessions.WorkerGone(entry.Id, reason);
        RefuseAll(entry.Pinned, PoolAction.RefuseSessionLost, decisions);
    }

    private void RefuseAll(WaitQueue queue, PoolAction reason, ImmutableArray<PoolDecision>.Builder decisions, TimeSpan now = default)
    {
        while (queue.First is { } waiter)
        {
            Leave(waiter, now);
            decisions.Add(new PoolDecision(reason, Waiter: waiter));
        }
    }

    /// <summary>A waiter leaves its queue; one that leaves in vain has used its session until <paramref name="now"/> all the same.</summary>
    private void Leave(Waiter waiter, TimeSpan now = default)
    {
        waiter.Queue!.Remove(waiter);
        _waiting--;
        if (waiter.Session is { } session)
        {
            session.Waiting--;
            session.LastUsed = session.LastUsed < now ? now : session.LastUsed;
        }
    }

    private PoolDecision EndOf(Entry entry) =>
        entry.IsReplaced && !_stopping && entry.InFlight <= entry.Stuck ? new PoolDecision(PoolAction.End, entry.Id) : default;

    private Entry? LeastBusy()
    {
        Entry? best = null;
        foreach (var entry in CollectionsMarshal.AsSpan(_workers))
        {
            if (entry.State == WorkerState.Idle && (best is null || entry.InFlight < best.InFlight || (best.IsReplaced && !entry.IsReplaced)))
            {
                best = entry;
                if (best.InFlight == 0 && !best.IsReplaced)
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
