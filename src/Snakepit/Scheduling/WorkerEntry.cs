namespace Snakepit.Scheduling;

/// <summary>
/// The state of one worker, from its start until it is gone. It is kept here and nowhere else: whoever needs to know a worker's state asks
/// the pool, which reads it under its lock.
/// </summary>
internal sealed class WorkerEntry(int id, int capacity)
{
    private readonly List<SessionEntry> _serving = []; // one for each call in flight that belongs to a session
    private TimeSpan _readySince;
    private int _stuckCalls;
    private bool _isShuttingDown;

    public int Id => id;

    public WorkerState State { get; private set; } = WorkerState.Starting;

    /// <summary>Calls that the worker runs.</summary>
    public int InFlight { get; private set; }

    /// <summary>True once a successor is starting or ready: when this worker ends, no other one has to be started.</summary>
    public bool IsReplaced { get; private set; }

    /// <summary>Callers who wait for this worker and no other, because it keeps their session's state.</summary>
    public WaitQueue Pinned { get; } = new();

    public bool IsReady => State is WorkerState.Idle or WorkerState.Busy;

    /// <summary>True once every call that the worker still runs is one that it will never answer.</summary>
    public bool HasOnlyStuckCalls => InFlight <= _stuckCalls;

    /// <summary>How the pool ends this worker; <see cref="WorkerEnding.None"/> as long as the pool does not.</summary>
    public WorkerEnding Ending =>
        _isShuttingDown ? WorkerEnding.ShutDown
        : _stuckCalls > 0 ? WorkerEnding.Kill
        : WorkerEnding.None;

    public void BecomeReady(TimeSpan now) => (State, _readySince) = (WorkerState.Idle, now);

    /// <summary>How long the worker was ready; zero if it never was.</summary>
    public TimeSpan ReadyFor(TimeSpan now) => State == WorkerState.Starting ? TimeSpan.Zero : now - _readySince;

    public void BeginCall(SessionEntry? session)
    {
        InFlight++;
        if (InFlight >= capacity)
        {
            State = WorkerState.Busy;
        }

        if (session is not null)
        {
            _serving.Add(session);
            session.BeginCall();
        }
    }

    public void EndCall(SessionEntry? session, TimeSpan now)
    {
        InFlight--;
        if (session is not null && _serving.Remove(session))
        {
            session.EndCall(now);
        }

        if (State == WorkerState.Busy)
        {
            State = WorkerState.Idle;
        }
    }

    /// <summary>One of the calls in flight will never be answered.</summary>
    public void AddStuckCall() => _stuckCalls++;

    /// <summary>A successor is being started; until it is ready, this worker goes on taking calls.</summary>
    public void Replace() => IsReplaced = true;

    /// <summary>The worker takes no more calls, and a successor is starting or ready.</summary>
    public void Drain() => (State, IsReplaced) = (WorkerState.Draining, true);

    /// <summary>
    /// The worker has been asked to finish its calls and to exit. A worker that is still starting is left alone: its own start ends it
    /// when the pool stops.
    /// </summary>
    public void ShutDown()
    {
        if (State != WorkerState.Starting)
        {
            (State, _isShuttingDown) = (WorkerState.Draining, true);
        }
    }

    /// <summary>The worker is gone: its sessions wait for its calls no longer.</summary>
    public void EndAllCalls(TimeSpan now)
    {
        foreach (var session in _serving)
        {
            session.EndCall(now);
        }
    }
}

/// <summary>How the pool ends a worker.</summary>
internal enum WorkerEnding
{
    /// <summary>The pool does not end it: its end is a loss.</summary>
    None,

    /// <summary>The pool has asked it to exit, and the shutdown sequence makes sure that it does.</summary>
    ShutDown,

    /// <summary>It runs a call that it will never answer. The pool kills it once its other calls have ended.</summary>
    Kill,
}
