namespace Snakepit.Scheduling;

/// <summary>
/// The scheduler's record of one worker, from the worker's start until it is gone. The state of a worker is kept only here. Code that needs
/// the state asks the pool, which reads this record under its lock.
/// </summary>
internal sealed class WorkerEntry(int id, int capacity)
{
    private readonly List<SessionEntry> _serving = []; // one entry for each running call that belongs to a session
    private TimeSpan _readySince;
    private int _stuckCalls;
    private bool _isShuttingDown;

    public int Id => id;

    public WorkerState State { get; private set; } = WorkerState.Starting;

    /// <summary>The number of calls that the worker runs.</summary>
    public int InFlight { get; private set; }

    /// <summary>
    /// Whether a successor is already starting or ready, so that no further worker has to be started when this worker ends.
    /// </summary>
    public bool IsReplaced { get; private set; }

    /// <summary>The queue of callers that wait for this worker only, because it keeps the state of their session.</summary>
    public WaitQueue Pinned { get; } = new();

    public bool IsReady => State is WorkerState.Idle or WorkerState.Busy;

    /// <summary>The number of calls that the worker runs, without those that it will never answer.</summary>
    public int AnswerableCalls => InFlight - _stuckCalls;

    /// <summary>Whether the worker runs a call that it will never answer.</summary>
    public bool HasStuckCall => _stuckCalls > 0;

    /// <summary>Whether the worker is replaced because a cancelled call was interrupted in it, or must be.</summary>
    public bool IsInterrupted { get; private set; }

    /// <summary>The way in which the pool ends this worker; <see cref="WorkerEnding.None"/> as long as the pool does not end it.</summary>
    public WorkerEnding Ending =>
        _isShuttingDown ? WorkerEnding.ShutDown
        : HasStuckCall ? WorkerEnding.Kill
        : WorkerEnding.None;

    public void BecomeReady(TimeSpan now) => (State, _readySince) = (WorkerState.Idle, now);

    /// <summary>Returns the time that the worker has been ready; zero if it is still starting.</summary>
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

    /// <summary>Records that the worker will never answer one of its running calls.</summary>
    public void AddStuckCall() => _stuckCalls++;

    /// <summary>Records that a cancelled call was interrupted in this worker, or must be.</summary>
    public void Interrupt() => IsInterrupted = true;

    /// <summary>Records that a successor is being started. This worker goes on taking calls until the successor is ready.</summary>
    public void Replace() => IsReplaced = true;

    /// <summary>Makes the worker take no more calls. A successor is starting or ready.</summary>
    public void Drain() => (State, IsReplaced) = (WorkerState.Draining, true);

    /// <summary>
    /// Records that the worker is asked to finish its calls and to exit. A worker that is still starting is not changed, because the code
    /// that starts it also ends it when the pool stops.
    /// </summary>
    public void ShutDown()
    {
        if (State != WorkerState.Starting)
        {
            (State, _isShuttingDown) = (WorkerState.Draining, true);
        }
    }

    /// <summary>Ends all running calls in the records of their sessions, because the worker is gone.</summary>
    public void EndAllCalls(TimeSpan now)
    {
        foreach (var session in _serving)
        {
            session.EndCall(now);
        }
    }
}

/// <summary>The ways in which the pool can end a worker.</summary>
internal enum WorkerEnding
{
    /// <summary>The pool does not end the worker. If the worker ends, it counts as lost.</summary>
    None,

    /// <summary>The pool has asked the worker to exit, and the shutdown sequence makes sure that it does.</summary>
    ShutDown,

    /// <summary>The worker runs a call that it will never answer. The pool kills the worker once its other calls have ended.</summary>
    Kill,
}
