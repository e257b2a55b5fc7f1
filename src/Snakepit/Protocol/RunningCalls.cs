namespace Snakepit.Protocol;

/// <summary>
/// The calls that one worker runs, and the one timer that watches their deadlines. The timer is not stopped when a call ends: as long as calls
/// take less time than they may, it costs nothing but a look at the table once in a deadline.
/// </summary>
internal sealed class RunningCalls : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Action<PendingCall> _timeIsUp;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, PendingCall> _calls = [];
    private long _due = long.MaxValue;
    private Func<PendingCall, Exception>? _lost;

    /// <param name="time">The clock of the deadlines.</param>
    /// <param name="timeIsUp">Told of every call that runs at its deadline, once.</param>
    public RunningCalls(TimeProvider time, Action<PendingCall> timeIsUp)
    {
        (_time, _timeIsUp) = (time, timeIsUp);
        _timer = time.CreateTimer(static calls => ((RunningCalls)calls!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes a call, or ends it at once if the worker is lost; true if it has taken it.</summary>
    public bool Add(PendingCall call)
    {
        Func<PendingCall, Exception>? lost;
        lock (_gate)
        {
            lost = _lost;
            if (lost is null)
            {
                _calls.Add(call.Id, call);
                if (call.Deadline < _due)
                {
                    _due = call.Deadline;
                    SetTimer_NeedsLock(_time.GetTimestamp());
                }
            }
        }

        if (lost is not null)
        {
            call.End(result: null, lost(call), here: false);
        }

        return lost is null;
    }

    /// <summary>The call of that number, if it runs.</summary>
    public PendingCall? Find(ulong id)
    {
        lock (_gate)
        {
            return _calls.GetValueOrDefault(id);
        }
    }

    /// <summary>The call of that number, if it ran until now.</summary>
    public PendingCall? Remove(ulong id)
    {
        lock (_gate)
        {
            return _calls.Remove(id, out var call) ? call : null;
        }
    }

    /// <summary>The worker is lost: every call, and every one that still comes, ends with what <paramref name="lost"/> makes of it.</summary>
    public void Fail(Func<PendingCall, Exception> lost)
    {
        PendingCall[] calls;
        lock (_gate)
        {
            _lost = lost;
            calls = [.. _calls.Values];
            _calls.Clear();
        }

        foreach (var call in calls)
        {
            call.End(result: null, lost(call), here: false);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        List<PendingCall> late = [];
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            _due = long.MaxValue;
            foreach (var call in _calls.Values)
            {
                if (call.Deadline <= now)
                {
                    call.Deadline = long.MaxValue;
                    late.Add(call);
                }

                _due = Math.Min(_due, call.Deadline);
            }

            SetTimer_NeedsLock(now);
        }

        late.ForEach(_timeIsUp);
    }

    /// <summary>In whole milliseconds, as timers count: one that comes too early only looks once more.</summary>
    private void SetTimer_NeedsLock(long now)
    {
        if (_due != long.MaxValue)
        {
            var left = Math.Ceiling(_time.GetElapsedTime(now, _due).TotalMilliseconds);
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, left)), Timeout.InfiniteTimeSpan);
        }
    }
}
