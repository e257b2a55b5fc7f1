using Snakepit.Threading;

namespace Snakepit.Protocol;

/// <summary>
/// The table of calls that one worker runs. One timer watches the deadlines of all these calls. One timer is cheaper than one per call: it
/// searches the table whenever it fires, and while calls end in time it fires only about once in the time that a call may take.
/// </summary>
internal sealed class RunningCalls : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Action<PendingCall> _timedOut;
    private readonly DeadlineTimer _deadlines;
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, PendingCall> _calls = [];
    private Func<PendingCall, Exception>? _lost;

    /// <param name="time">The clock to which the deadlines refer.</param>
    /// <param name="timedOut">Called once for each call that is still running at its deadline.</param>
    public RunningCalls(TimeProvider time, Action<PendingCall> timedOut)
    {
        (_time, _timedOut) = (time, timedOut);
        _deadlines = new DeadlineTimer(time, FindLateCalls);
    }

    /// <summary>
    /// Adds a call and returns true. If <see cref="Fail"/> was called before, because the worker is lost, completes the call with an
    /// exception instead and returns false.
    /// </summary>
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
            call.Complete(result: default, lost(call), inline: false);
        }

        return lost is null;
    }

    /// <summary>Returns the running call with this id; null if there is no such call.</summary>
    public PendingCall? Find(ulong id)
    {
        lock (_gate)
        {
            return _calls.GetValueOrDefault(id);
        }
    }

    /// <summary>Returns how many of the calls have been abandoned by their callers.</summary>
    public int CountAbandoned()
    {
        lock (_gate)
        {
            return _calls.Values.Count(call => call.IsAbandoned);
        }
    }

    /// <summary>Takes the running call with this id out of the table and returns it; null if there is no such call.</summary>
    public PendingCall? Remove(ulong id)
    {
        lock (_gate)
        {
            return _calls.Remove(id, out var call) ? call : null;
        }
    }

    /// <summary>
    /// Completes all calls, and every call that is added later, with the exceptions that <paramref name="lost"/> creates, because the
    /// worker is lost.
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
            call.Complete(result: default, lost(call), inline: false);
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
