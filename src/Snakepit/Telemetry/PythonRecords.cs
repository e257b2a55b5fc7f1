using System.Collections.Concurrent;
using System.Diagnostics;
using Snakepit.Protocol.V1;

namespace Snakepit.Telemetry;

/// <summary>What the tool of one call has recorded, and tells the listeners when <see cref="Tell"/> is called.</summary>
/// <param name="pool">The pool that is called.</param>
/// <param name="call">The span of the call; null if nobody wants spans.</param>
internal sealed class PythonRecords(ReportedPool pool, Activity? call)
{
    private readonly ConcurrentQueue<Recorded> _arrived = new();
    private readonly Lock _gate = new();
    private PythonSpans? _spans = call is null ? null : new(call.Context);

    /// <summary>How many spans were dropped.</summary>
    public long DroppedSpans { get; private set; }

    /// <summary>How many measurements were dropped.</summary>
    public long DroppedMeasurements { get; private set; }

    /// <summary>Keeps what has arrived. Tells nobody, so that it may be called on a thread that reads frames.</summary>
    public void Add(Recorded recorded) => _arrived.Enqueue(recorded);

    /// <summary>Tells the listeners what has arrived.</summary>
    public void Tell()
    {
        lock (_gate)
        {
            var current = Activity.Current;
            while (_arrived.TryDequeue(out var recorded))
            {
                Tell_NeedsLock(recorded);
            }

            Activity.Current = current; // each span that starts becomes the current one
        }
    }

    /// <summary>Returns the context of a span, of which Python has told with the same frame or before.</summary>
    public ActivityContext ContextOf(ulong span)
    {
        Tell();
        lock (_gate)
        {
            return _spans!.ContextOf(span);
        }
    }

    /// <summary>
    /// Does the same, and ends the spans that are open, because the caller does not wait any more, or the worker is lost.
    /// </summary>
    public void TellAll()
    {
        Tell();
        lock (_gate)
        {
            var current = Activity.Current;
            _spans?.EndOpen();
            Activity.Current = current;
        }
    }

    /// <summary>Forgets the spans, because the next attempt of the call numbers its spans anew.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _spans = call is null ? null : new(call.Context);
        }
    }

    private void Tell_NeedsLock(Recorded recorded)
    {
        foreach (var span in recorded.Spans)
        {
            _spans?.Add(span);
        }

        Activity.Current = call; // the measurements are linked to it
        var refused = recorded.Measurements.Count(measurement => !PythonInstruments.Record(measurement, pool.Tag));
        var (spans, measurements) = (recorded.DroppedSpans, recorded.DroppedMeasurements + refused);
        PythonInstruments.CountDropped(spans, measurements, pool.Tag);
        (DroppedSpans, DroppedMeasurements) = (DroppedSpans + spans, DroppedMeasurements + measurements);
    }
}
