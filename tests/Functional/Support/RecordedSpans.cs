using System.Collections.Concurrent;
using System.Diagnostics;

namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// Records the spans of one trace, and of no other, because other tests run at the same time. The trace begins with <see cref="Root"/>,
/// which is the current activity of the code that has created this object.
/// </summary>
internal sealed class RecordedSpans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _stopped = new();
    private readonly ActivityListener _listener;
    private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();

    /// <param name="sources">The names of the sources to listen to. Default: those of the pool and of Python.</param>
    public RecordedSpans(params string[] sources)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source =>
                sources.Length == 0 ? source.Name.StartsWith("Snakepit", StringComparison.Ordinal) : sources.Contains(source.Name),
            Sample = (ref options) =>
                options.Parent.TraceId == _trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == _trace)
                {
                    _stopped.Enqueue(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
        Root = new Activity("web request");
        Root.SetParentId(_trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        Root.TraceStateString = "vendor=test";
        Root.Start();
    }

    /// <summary>The span in which the test makes its calls.</summary>
    public Activity Root { get; }

    /// <summary>The spans that have ended, in order of their ends.</summary>
    public IReadOnlyList<Activity> All => [.. _stopped];

    /// <summary>Returns the only span with this name.</summary>
    public Activity Single(string name) => Assert.Single(_stopped, span => span.DisplayName == name);

    /// <summary>Waits until a span with this name has ended, and returns it.</summary>
    public async Task<Activity> WaitForAsync(string name)
    {
        await Eventually.True(
            () => _stopped.Any(span => span.DisplayName == name),
            () => $"a span '{name}' has ended; these have: {string.Join(", ", _stopped.Select(span => span.DisplayName))}");
        return Single(name);
    }

    public void Dispose()
    {
        Root.Dispose();
        _listener.Dispose();
    }
}
