using System.Diagnostics;

namespace Snakepit.Telemetry;

/// <summary>Makes the spans of calls and host tools, which .NET calls activities. Nothing is made while nobody listens.</summary>
internal static class Spans
{
    private const string System = "snakepit"; // the value of rpc.system.name, which tells whose calls these are

    public static readonly ActivitySource Source = new(SnakepitTelemetry.ActivitySourceName, Instruments.Version);

    /// <summary>Starts the span of a call; returns null if nobody wants it. The span becomes the current one.</summary>
    /// <param name="pool">The pool that is called.</param>
    /// <param name="tool">The name of the tool, which is also the name of the span.</param>
    /// <param name="session">The key of the session that the call belongs to, if any.</param>
    public static Activity? StartCall(ReportedPool pool, string tool, string? session)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var tags = TagsOf(pool, tool);
        if (session is not null)
        {
            tags.Add(TagNames.SessionId, session);
        }

        return Source.StartActivity(tool, ActivityKind.Client, parentContext: default, tags);
    }

    /// <summary>Starts the span of a host tool that Python calls; returns null if nobody wants it.</summary>
    /// <param name="pool">The pool whose worker calls.</param>
    /// <param name="tool">The name of the host tool.</param>
    /// <param name="caller">The span of Python in which the call is made.</param>
    public static Activity? StartHostTool(ReportedPool pool, string tool, ActivityContext caller) =>
        Source.StartActivity(tool, ActivityKind.Server, caller, TagsOf(pool, tool));

    /// <summary>Notes that what the span describes has failed.</summary>
    public static void Fail(Activity? span, Exception failure)
    {
        span?.SetTag(TagNames.ErrorType, TagNames.ErrorTypeOf(failure));
        span?.SetStatus(ActivityStatusCode.Error, failure.Message);
    }

    // All that a sampler may ask for is given when a span starts.
    private static ActivityTagsCollection TagsOf(ReportedPool pool, string method) => new(
    [
        new(TagNames.RpcSystem, System),
        new(TagNames.RpcMethod, method),
        pool.Tag,
    ]);
}
