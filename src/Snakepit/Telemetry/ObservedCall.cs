using System.Diagnostics;
using Snakepit.Protocol.V1;

namespace Snakepit.Telemetry;

/// <summary>
/// A call to which somebody listens: its span and its measurements. What is learnt on threads that read frames is only kept, and told to
/// the listeners elsewhere, because listeners are code of the application.
/// </summary>
internal sealed class ObservedCall
{
    // OpenTelemetry's word for a method that the server does not know. The name could be any text, which would make too many series.
    private const string UnknownMethod = "_OTHER";

    private readonly ReportedPool _pool;
    private readonly TimeProvider _time;
    private readonly string _tool;
    private readonly Activity? _span;
    private readonly long _began;
    private PythonRecords? _python; // made when the tool has recorded something
    private bool _hasEnded;
    private Exception? _failure;
    private long _queueTime;
    private int _worker;
    private int _retries;

    /// <param name="pool">The pool that is called.</param>
    /// <param name="time">The clock of the pool.</param>
    /// <param name="tool">The name of the tool.</param>
    /// <param name="session">The key of the session that the call belongs to, if any.</param>
    public ObservedCall(ReportedPool pool, TimeProvider time, string tool, string? session)
    {
        (_pool, _time, _tool) = (pool, time, tool);
        _began = time.GetTimestamp();
        _span = Spans.StartCall(pool, tool, session);
    }

    /// <summary>What the worker is asked to record; null if nothing.</summary>
    public Observation? Observation
    {
        get
        {
            var span = _span is { Recorded: true, IdFormat: ActivityIdFormat.W3C } ? _span : null;
            return span is null && !PythonInstruments.AreListenedTo ? null : new Observation
            {
                Traceparent = span?.Id ?? "",
                Tracestate = span?.TraceStateString ?? "",
                Measurements = PythonInstruments.AreListenedTo,
            };
        }
    }

    /// <summary>Notes what the tool has recorded. If the caller waits no more, the listeners are told on the thread pool.</summary>
    public void Add(Recorded recorded)
    {
        var python = Python();
        python.Add(recorded);
        if (Volatile.Read(ref _hasEnded))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static python => python.TellAll(), python, preferLocal: false);
        }
    }

    /// <summary>Starts the span of a host tool that this call's tool calls; returns null if nobody wants it.</summary>
    public Activity? StartHostTool(HostCall call) =>
        _span is null ? null : Spans.StartHostTool(_pool, call.Tool, Python().ContextOf(call.Span));

    /// <summary>Notes how long the call has waited for a worker.</summary>
    public void Waited(TimeSpan queueTime) => Interlocked.Add(ref _queueTime, queueTime.Ticks);

    /// <summary>Notes that the call is sent to the worker with this number.</summary>
    public void SentTo(int worker) => Volatile.Write(ref _worker, worker);

    /// <summary>Tells that the call is made once more, because its worker was lost.</summary>
    public void Retry(Exception lost)
    {
        _retries++;
        _python?.TellAll();
        _python?.Forget();
        _span?.AddEvent(new ActivityEvent("snakepit.retry", tags: new ActivityTagsCollection
        {
            [TagNames.WorkerId] = Volatile.Read(ref _worker),
            [TagNames.ErrorType] = TagNames.ErrorTypeOf(lost),
            [TagNames.ExceptionMessage] = lost.Message,
        }));
    }

    /// <summary>Tells that the consumer of a stream takes a chunk.</summary>
    public void ChunkTaken()
    {
        _python?.Tell();
        Instruments.Chunks.Add(1, _pool.Tag);
    }

    /// <summary>Notes why the call has failed. It has not if the consumer of a stream has left early.</summary>
    public void Fail(Exception failure) => _failure = failure;

    /// <summary>Tells that the call has ended for its caller.</summary>
    public void End()
    {
        if (_span is not null)
        {
            Activity.Current = _span; // a measurement is linked to the span; a stream may end where another span is the current one
        }

        Interlocked.Exchange(ref _hasEnded, true); // what arrives from now on is told without the caller
        var python = Volatile.Read(ref _python);
        python?.TellAll();
        EndMeasurements();
        EndSpan(python);
    }

    private void EndMeasurements()
    {
        var waited = Volatile.Read(ref _queueTime);
        if (waited > 0 || Volatile.Read(ref _worker) != 0)
        {
            Instruments.QueueTime.Record(TimeSpan.FromTicks(waited).TotalSeconds, _pool.Tag);
        }

        var tags = new TagList { _pool.Tag, { TagNames.RpcMethod, _failure is UnknownToolException ? UnknownMethod : _tool } };
        if (_failure is not null)
        {
            tags.Add(TagNames.ErrorType, TagNames.ErrorTypeOf(_failure));
        }

        Instruments.CallDuration.Record(_time.GetElapsedTime(_began).TotalSeconds, tags);
    }

    private PythonRecords Python() =>
        Volatile.Read(ref _python)
        ?? Interlocked.CompareExchange(ref _python, new PythonRecords(_pool, _span), null)
        ?? _python;

    private void EndSpan(PythonRecords? python)
    {
        if (_span is null)
        {
            return;
        }

        if (Volatile.Read(ref _worker) is not 0 and var worker)
        {
            _span.SetTag(TagNames.WorkerId, worker);
        }

        if (_retries > 0)
        {
            _span.SetTag(TagNames.Retries, _retries);
        }

        if (python is { DroppedSpans: > 0 })
        {
            _span.SetTag(TagNames.DroppedSpans, python.DroppedSpans);
        }

        if (python is { DroppedMeasurements: > 0 })
        {
            _span.SetTag(TagNames.DroppedMeasurements, python.DroppedMeasurements);
        }

        if (_failure is not null)
        {
            Spans.Fail(_span, _failure);
        }

        _span.Dispose();
    }
}
