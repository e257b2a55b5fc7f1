using System.Diagnostics;
using Snakepit.Protocol.V1;

namespace Snakepit.Telemetry;

/// <summary>
/// The spans that a Python tool has made during one call, which become activities here. Python numbers them, and .NET gives each an id of
/// its own. So a span that is still open is told by Python as soon as another span or a host call is inside of it.
/// </summary>
/// <param name="call">The span of the call.</param>
internal sealed class PythonSpans(ActivityContext call)
{
    // The number of spans whose ids are known. Later ones forget the earliest, so that an endless stream needs no endless memory.
    private const int MostKnown = 2_000;

    private static readonly ActivitySource Source = new(SnakepitTelemetry.PythonActivitySourceName, Instruments.Version);

    private readonly Dictionary<ulong, ActivityContext> _known = [];
    private readonly Queue<ulong> _inOrder = new();
    private readonly Dictionary<ulong, Activity> _open = [];

    /// <summary>Returns the context of a span; that of the call if the number is 0 or no span with this number is known.</summary>
    public ActivityContext ContextOf(ulong id) => _known.GetValueOrDefault(id, call);

    /// <summary>Begins the span that Python tells of, or ends it, or both. Must not change the current activity of its caller.</summary>
    public void Add(Span told)
    {
        if (!_open.Remove(told.Id, out var span))
        {
            if (_known.ContainsKey(told.Id))
            {
                return; // it was ended here before Python could tell of its end
            }

            span = Begin(told);
            Remember(told.Id, span?.Context ?? ContextOf(told.Parent)); // a listener may leave out a span, but not those inside of it
        }

        if (span is null)
        {
            return;
        }

        if (told.End == 0)
        {
            _open[told.Id] = span;
        }
        else
        {
            End(span, told);
        }
    }

    /// <summary>Ends the spans that are open, because the worker will tell nothing more of them.</summary>
    public void EndOpen()
    {
        foreach (var span in _open.Values)
        {
            span.Dispose();
        }

        _open.Clear();
    }

    private Activity? Begin(Span told) => Source.StartActivity(
        told.Name,
        told.Kind switch
        {
            Span.Types.Kind.Server => ActivityKind.Server,
            Span.Types.Kind.Client => ActivityKind.Client,
            Span.Types.Kind.Producer => ActivityKind.Producer,
            Span.Types.Kind.Consumer => ActivityKind.Consumer,
            _ => ActivityKind.Internal,
        },
        ContextOf(told.Parent),
        tags: Attributes.Of(told.Attributes),
        links: null,
        TimeOf(told.Start));

    private static void End(Activity span, Span told)
    {
        foreach (var (key, value) in Attributes.Of(told.Attributes))
        {
            span.SetTag(key, value);
        }

        if (told.ErrorType.Length > 0)
        {
            span.SetTag(TagNames.ErrorType, told.ErrorType);
            span.SetStatus(ActivityStatusCode.Error, told.ErrorMessage);
        }

        span.SetEndTime(TimeOf(told.End));
        span.Dispose();
    }

    private static DateTime TimeOf(ulong nanoseconds) =>
        DateTime.UnixEpoch.AddTicks((long)(nanoseconds / TimeSpan.NanosecondsPerTick));

    private void Remember(ulong id, ActivityContext context)
    {
        _known[id] = context;
        _inOrder.Enqueue(id);
        if (_inOrder.Count > MostKnown)
        {
            _known.Remove(_inOrder.Dequeue());
        }
    }
}
