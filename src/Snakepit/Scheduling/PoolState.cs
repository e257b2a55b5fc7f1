using System.Collections.Immutable;

namespace Snakepit.Scheduling;

/// <summary>
/// Makes every decision of a pool and nothing else: it has no clock, no I/O and no lock. It is told what happened and answers what to do.
/// Three things always hold. No caller waits while a worker that may serve it is idle. Callers whom the same worker may serve are served
/// in their order of arrival. There are never more workers than wanted, those being replaced not counted.
/// </summary>
internal sealed partial class PoolState
{
    private readonly int _capacity; // of each worker, in calls
    private readonly AffinityTable _sessions;
    private readonly WorkerTable _workers = new();
    private readonly WaitQueues _queues;
    private readonly StartHistory _starts;

    public PoolState(int desiredWorkers, int capacity, int queueLimit)
        : this(desiredWorkers, capacity, queueLimit, new AffinityTable(limit: 10_000, Timeout.InfiniteTimeSpan))
    {
    }

    public PoolState(int desiredWorkers, int capacity, int queueLimit, AffinityTable sessions)
    {
        (DesiredWorkers, _capacity, QueueLimit, _sessions) = (desiredWorkers, capacity, queueLimit, sessions);
        _queues = new WaitQueues(_workers);
        _starts = new StartHistory(desiredWorkers);
    }

    public int DesiredWorkers { get; }

    public int QueueLimit { get; }

    public int QueueLength => _queues.Count;

    public bool IsStopping { get; private set; }

    /// <summary>Workers that were lost or killed after they had been ready, and were replaced.</summary>
    public long Restarts { get; private set; }

    /// <summary>Workers that were replaced according to the recycling options.</summary>
    public long Recycles { get; private set; }

    /// <summary>How long to wait before the next worker is started in place of one that ended.</summary>
    public TimeSpan RestartDelay => _starts.RestartDelay;

    /// <summary>The workers as they are now, oldest first.</summary>
    public IEnumerable<(int Worker, WorkerState State, int InFlight)> Workers =>
        _workers.All.Select(entry => (entry.Id, entry.State, entry.InFlight));

    public PoolHealth Health => IsUnavailable ? PoolHealth.Unavailable
        : RestartDelay > TimeSpan.Zero && _workers.ReadyCount < DesiredWorkers ? PoolHealth.Degraded
        : PoolHealth.Healthy;

    /// <summary>True if no worker is ready and waiting for one is pointless.</summary>
    private bool IsUnavailable => _starts.IsHopeless && !_workers.AnyReady;

    /// <summary>
    /// A call asks for a worker. After <see cref="PoolAction.Wait"/> the caller must call <see cref="Enqueue"/> before anything else
    /// happens, that is, under the same lock.
    /// </summary>
    public PoolDecision Request(SessionEntry? session = null)
    {
        if (IsStopping)
        {
            return new PoolDecision(PoolAction.RefuseStopped);
        }

        if (session is { IsOver: true })
        {
            return new PoolDecision(PoolAction.RefuseSessionLost);
        }

        if (Choose(session) is { } entry)
        {
            return Grant(entry, waiter: null, session);
        }

        return new PoolDecision(
            IsUnavailable ? PoolAction.RefuseUnavailable
            : session is { Mode: AffinityMode.FailFast } ? PoolAction.RefuseSessionBusy
            : _queues.Count < QueueLimit ? PoolAction.Wait
            : PoolAction.RefuseSaturated);
    }

    public void Enqueue(Waiter waiter) => _queues.Enqueue(waiter);

    /// <summary>A waiting caller gives up; false if it got a worker or was refused in the meantime.</summary>
    public bool Abandon(Waiter waiter, TimeSpan now)
    {
        if (waiter.Queue is null)
        {
            return false;
        }

        _queues.Remove(waiter, now);
        return true;
    }

    /// <summary>Refuses all callers who began to wait at <paramref name="since"/> or before, in their order of arrival.</summary>
    /// <param name="since">A timestamp like <see cref="Waiter.Since"/>.</param>
    /// <param name="now">The time.</param>
    /// <param name="oldest">When the first of the remaining callers began to wait; <see cref="long.MaxValue"/> if there are none.</param>
    public ImmutableArray<PoolDecision> Overdue(long since, TimeSpan now, out long oldest) => _queues.RefuseOverdue(since, now, out oldest);

    /// <summary>
    /// A call has ended on a worker. The worker serves the next caller, or ends if it is retired and this was its last call.
    /// </summary>
    public PoolDecision Return(int worker, SessionEntry? session = null, TimeSpan now = default)
    {
        if (_workers.Find(worker) is not { } entry)
        {
            return default; // the worker was lost in the meantime
        }

        entry.EndCall(session, now);
        return entry.State == WorkerState.Draining ? EndOf(entry) : GrantNext(entry);
    }

    /// <summary>Ends a session and refuses its waiting calls; false if it has ended already.</summary>
    public bool EndSession(SessionEntry session, out ImmutableArray<PoolDecision> refused)
    {
        refused = [];
        if (!_sessions.End(session, SessionLoss.Ended))
        {
            return false;
        }

        var decisions = ImmutableArray.CreateBuilder<PoolDecision>();
        _queues.RefuseSession(session, decisions);
        refused = decisions.ToImmutable();
        return true;
    }

    /// <summary>The worker that a call gets at once; null if the call has to wait.</summary>
    private WorkerEntry? Choose(SessionEntry? session)
    {
        if (session is null || session.Home == 0)
        {
            return _workers.FindLeastBusy();
        }

        var home = _workers.Find(session.Home);
        return home is { State: WorkerState.Idle } ? home
            : session.Mode == AffinityMode.Prefer ? _workers.FindLeastBusy()
            : null;
    }

    /// <summary>Gives an idle worker to the next caller who waits for it, if any.</summary>
    private PoolDecision GrantNext(WorkerEntry entry)
    {
        if (entry.State != WorkerState.Idle || _queues.NextFor(entry) is not { } waiter)
        {
            return default;
        }

        _queues.Remove(waiter);
        return Grant(entry, waiter, waiter.Session);
    }

    private PoolDecision Grant(WorkerEntry entry, Waiter? waiter, SessionEntry? session)
    {
        entry.BeginCall(session);
        if (session is { Home: 0 })
        {
            session.MoveTo(entry.Id);
            _queues.Pin(session, entry);
        }

        return new PoolDecision(PoolAction.Grant, entry.Id, waiter, IsHome: session is not null && session.Home == entry.Id);
    }
}
