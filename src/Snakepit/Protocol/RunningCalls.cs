using Snakepit.Threading;

namespace Snakepit.Protocol;

/// <summary>
/// The calls that one worker runs, and the one alarm that watches their deadlines: as long as calls take less time than they may, it costs nothing
/// but a look at the table once in a deadline.
/// </summary>
internal sealed class RunningCalls : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Action<PendingCall> _timeIsUp;
    private readonly DeadlineTimer _deadlines;
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, PendingCall> _calls = [];
    private Func<PendingCall, Exception>? _lost;

    /// <param name="time">The clock of the deadlines.</param>
    /// <param name="timeIsUp">Told of every call that runs at its deadline, once.</param>
    public RunningCalls(TimeProvider time, Action<PendingCall> timeIsUp)
    {
        (_time, _timeIsUp) = (time, timeIsUp);
        _deadlines = new DeadlineTimer(time, Look);
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
                _deadlines.Set(call.Deadline);
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

    public void Dispose() => _deadlines.Dispose();

    private void Look()
    {
        List<PendingCall> late = [];
        lock (_gate)
        {
            var (now, next) = (_time.GetTimestamp(), long.MaxValue);
            foreach (var call in _calls.Values)
            {
                if (call.Deadline <= now)
                {
                    call.Deadline = long.MaxValue;
                    late.Add(call);
                }

                next = Math.Min(next, call.Deadline);
            }

            _deadlines.HasRung();
            _deadlines.Set(next);
        }

        late.ForEach(_timeIsUp);
    }
}
