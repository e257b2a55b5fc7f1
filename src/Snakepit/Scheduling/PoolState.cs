using System.Collections.Immutable;

namespace Snakepit.Scheduling;

/// <summary>
/// Makes every decision of a pool. It changes nothing but its own state and uses no clock, no I/O and no lock. Each method is told of one
/// event and returns the decisions that follow from it, which the caller carries out. Three rules always hold. No caller waits while a
/// worker that may serve it is idle. Callers that the same worker may serve are served in their order of arrival. There are never more
/// workers than the options ask for, not counting workers that are being replaced.
/// </summary>
internal sealed partial class PoolState
{
    private readonly int _capacity; // the number of calls that each worker runs at the same time
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

    /// <summary>The number of workers that were lost or killed after they had been ready, and were replaced.</summary>
    public long Restarts { get; private set; }

    /// <summary>The number of workers that were replaced according to the recycling options.</summary>
    public long Recycles { get; private set; }

    /// <summary>The number of workers that were replaced because a cancelled call had to be interrupted in them.</summary>
    public long Interruptions { get; private set; }

    /// <summary>The time to wait before the next worker is started in place of a worker that ended.</summary>
    public TimeSpan RestartDelay => _starts.RestartDelay;

    /// <summary>The current workers with their states and numbers of running calls, oldest first.</summary>
    public IEnumerable<(int Worker, WorkerState State, int InFlight)> Workers =>
        _workers.All.Select(entry => (entry.Id, entry.State, entry.InFlight));

    public PoolHealth Health => IsUnavailable ? PoolHealth.Unavailable
        : RestartDelay > TimeSpan.Zero && _workers.ReadyCount < DesiredWorkers ? PoolHealth.Degraded
        : PoolHealth.Healthy;

    /// <summary>Whether no worker is ready and so many starts have failed that callers should not wait for a worker.</summary>
    private bool IsUnavailable => _starts.IsHopeless && !_workers.AnyReady;

    /// <summary>
    /// Decides which worker a call gets, or whether the call waits or is refused. After the decision <see cref="PoolAction.Wait"/>,
    /// <see cref="Enqueue"/> must be called before the pool's lock is released, so that nothing else happens in between.
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

    /// <summary>
    /// Removes a waiting caller that has cancelled. Returns false if the caller got a worker or was refused in the meantime.
    /// </summary>
    public bool Abandon(Waiter waiter, TimeSpan now)
    {
        if (waiter.Queue is null)
        {
            return false;
        }

        _queues.Remove(waiter, now);
        return true;
    }

    /// <summary>Refuses all callers that began to wait at <paramref name="since"/> or before, in their order of arrival.</summary>
    /// <param name="since">A timestamp of the pool's clock, like <see cref="Waiter.Since"/>.</param>
    /// <param name="now">The current time, as the time since the pool started.</param>
    /// <param name="oldest">
    /// The timestamp at which the first of the remaining callers began to wait; <see cref="long.MaxValue"/> if no caller remains.
    /// </param>
    public ImmutableArray<PoolDecision> Overdue(long since, TimeSpan now, out long oldest) => _queues.RefuseOverdue(since, now, out oldest);

    /// <summary>
    /// Records that a call has ended on a worker. Decides that the worker serves the next caller, or that it ends if it is being replaced
    /// and this was its last call.
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

    /// <summary>Ends a session and refuses its waiting calls. Returns false if the session had already ended.</summary>
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

    /// <summary>Returns the worker that a call gets at once; null if no suitable worker is idle.</summary>
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

    /// <summary>Grants an idle worker to the next caller that waits for it, if any.</summary>
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
