using Snakepit.Threading;

namespace Snakepit.Protocol;

/// <summary>
/// The calls that one worker runs. One timer watches the deadlines of all: while calls end in time, the cost is one look at the table per
/// time limit instead of one timer per call.
/// </summary>
internal sealed class RunningCalls : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Action<PendingCall> _timedOut;
    private readonly DeadlineTimer _deadlines;
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, PendingCall> _calls = [];
    private Func<PendingCall, Exception>? _lost;

    /// <param name="time">The clock that deadlines refer to.</param>
    /// <param name="timedOut">Called once for each call that still runs at its deadline.</param>
    public RunningCalls(TimeProvider time, Action<PendingCall> timedOut)
    {
        (_time, _timedOut) = (time, timedOut);
        _deadlines = new DeadlineTimer(time, FindLateCalls);
    }

    /// <summary>Adds a call; false if the worker is lost, and then the call is completed with that failure.</summary>
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
            call.Complete(result: null, lost(call), inline: false);
        }

        return lost is null;
    }

    /// <summary>The running call with this number; null if there is none.</summary>
    public PendingCall? Find(ulong id)
    {
        lock (_gate)
        {
            return _calls.GetValueOrDefault(id);
        }
    }

    /// <summary>Takes out the running call with this number; null if there is none.</summary>
    public PendingCall? Remove(ulong id)
    {
        lock (_gate)
        {
            return _calls.Remove(id, out var call) ? call : null;
        }
    }

    /// <summary>
    /// The worker is lost. Completes every call, and every later one, with the exception that <paramref name="lost"/> makes for it.
    /// </summary>
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
            call.Complete(result: null, lost(call), inline: false);
        }
    }

    public void Dispose() => _deadlines.Dispose();

    private void FindLateCalls()
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

            _deadlines.Fired();
            _deadlines.Set(next);
        }

        late.ForEach(_timedOut);
    }
}
