using System.Diagnostics;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Telemetry;

/// <summary>Tests that spans of Python tools become activities in the trace of their call.</summary>
public abstract class PythonSpans<T>
    where T : ITestTransport
{
    private static readonly SnakepitOptions Options = Probe.Over<T>() with { Adapter = "traced_tools", Workers = 1 };
    private static readonly SnakepitOptions Concurrent =
        Options with { Adapter = "traced_async_tools", MaxConcurrentCallsPerWorker = 4 };

    [PythonFact]
    public async Task A_span_of_python_has_its_parent_its_times_and_its_attributes()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        using var spans = new RecordedSpans();
        await pool.ExecuteAsync("spans").InTime();
        var (call, outer, inner) = (spans.Single("spans"), spans.Single("outer"), spans.Single("inner"));
        Assert.Equal((call.SpanId, outer.SpanId), (outer.ParentSpanId, inner.ParentSpanId));
        Assert.Equal(("Snakepit.Python", "0.1.0"), (outer.Source.Name, outer.Source.Version));
        Assert.Equal((ActivityKind.Internal, ActivityStatusCode.Unset), (outer.Kind, outer.Status));
        Assert.Equal(
            [new("flag", true), new("kept", 7L), new("number", 1L), new("other", "[1, 2]"), new("ratio", 0.5), new("text", "a")],
            outer.TagObjects.OrderBy(tag => tag.Key, StringComparer.Ordinal));
        Assert.InRange(inner.Duration, TimeSpan.FromMilliseconds(20), Eventually.Patience);
        Assert.True(outer.Duration >= inner.Duration);
        Assert.True(call.StartTimeUtc <= outer.StartTimeUtc.AddMilliseconds(1), $"{call.StartTimeUtc:O} {outer.StartTimeUtc:O}");
        Assert.True(outer.StartTimeUtc + outer.Duration <= call.StartTimeUtc + call.Duration + TimeSpan.FromMilliseconds(1));
        Assert.Same(spans.Root, Activity.Current);
    }

    [PythonFact]
    public async Task A_span_that_an_exception_leaves_is_marked_as_failed()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        using var spans = new RecordedSpans();
        await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync("failing_span").InTime());
        var span = spans.Single("fails");
        Assert.Equal((ActivityStatusCode.Error, "'no such row'"), (span.Status, span.StatusDescription));
        Assert.Equal("KeyError", span.GetTagItem("error.type"));
        Assert.Equal(spans.Single("failing_span").SpanId, span.ParentSpanId);
    }

    [PythonTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_trace_connects_call_python_span_host_tool_nested_call_and_its_python_span(bool concurrent)
    {
        SnakepitPool? other = null;
        var nested = HostTool.Create<object, string>(async (_, cancellationToken) =>
            await other!.ExecuteAsync<string>("spans", cancellationToken: cancellationToken));
        var options = (concurrent ? Concurrent : Options) with { HostTools = new Dictionary<string, HostTool> { ["nested"] = nested } };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        await using var inner = other = await SnakepitPool.StartAsync(Options).InTime();
        using var spans = new RecordedSpans();
        await using var session = pool.OpenSession("a");
        await session.ExecuteAsync("asks_host", new { name = "nested" }).InTime();

        string[] path = ["asks_host", "asks", "nested", "spans", "outer", "inner"];
        Assert.Equal(path.Order(StringComparer.Ordinal), spans.All.Select(span => span.DisplayName).Order(StringComparer.Ordinal));
        var parent = spans.Root.SpanId;
        foreach (var name in path)
        {
            var span = spans.Single(name);
            Assert.Equal(parent, span.ParentSpanId);
            Assert.Equal("vendor=test", span.TraceStateString);
            parent = span.SpanId;
        }

        Assert.Equal(ActivityKind.Server, spans.Single("nested").Kind);
    }

    [PythonFact]
    public async Task Host_calls_of_tasks_that_run_at_once_are_children_of_their_own_spans()
    {
        var tool = HostTool.Create<object, int>(_ => 1);
        var options = Concurrent with { HostTools = new Dictionary<string, HostTool> { ["one"] = tool } };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        using var spans = new RecordedSpans();
        await pool.ExecuteAsync("asks_host_twice_async", new { name = "one" }).InTime();
        var both = spans.Single("both");
        string[] parents = [$"{spans.Single("asks 1").SpanId}", $"{spans.Single("asks 2").SpanId}"];
        Assert.All(spans.All.Where(span => span.DisplayName.StartsWith("asks ", StringComparison.Ordinal)),
            span => Assert.Equal(both.SpanId, span.ParentSpanId));
        Assert.Equal(
            parents.Order(StringComparer.Ordinal),
            spans.All.Where(span => span.DisplayName == "one").Select(span => $"{span.ParentSpanId}").Order(StringComparer.Ordinal));
    }

    [PythonFact]
    public async Task A_host_tool_that_fails_has_a_failed_span()
    {
        var tool = HostTool.Create<object, int>(_ => throw new InvalidOperationException("no price"));
        var options = Options with { HostTools = new Dictionary<string, HostTool> { ["price"] = tool } };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        using var spans = new RecordedSpans();
        await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync("asks_host", new { name = "price" }).InTime());
        var span = spans.Single("price");
        Assert.Equal((ActivityStatusCode.Error, "no price"), (span.Status, span.StatusDescription));
        Assert.Equal("System.InvalidOperationException", span.GetTagItem("error.type"));
        Assert.Equal("snakepit_worker.HostToolError", spans.Single("asks").GetTagItem("error.type"));
    }

    [PythonTheory]
    [InlineData("stream", false)]
    [InlineData("stream", true)]
    [InlineData("stream_async", true)]
    public async Task The_spans_of_a_stream_arrive_with_its_chunks(string tool, bool concurrent)
    {
        await using var pool = await SnakepitPool.StartAsync(concurrent ? Concurrent : Options).InTime();
        using var spans = new RecordedSpans();
        var read = 0;
        await foreach (var number in pool.StreamAsync<int>(tool, new { upto = 50 }))
        {
            Assert.Single(spans.All, span => span.DisplayName == $"chunk {number}"); // long before the stream ends
            read++;
        }

        Assert.Equal(50, read);
        var (stream, whole) = (spans.Single(tool), spans.Single("whole"));
        Assert.Equal(stream.SpanId, whole.ParentSpanId);
        Assert.All(
            spans.All.Where(span => span.DisplayName.StartsWith("chunk", StringComparison.Ordinal)),
            span => Assert.Equal(whole.SpanId, span.ParentSpanId));
    }

    [PythonFact]
    public async Task The_open_span_of_a_stream_that_its_consumer_leaves_ends_with_it()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        using var spans = new RecordedSpans();
        await foreach (var _ in pool.StreamAsync<int>("stream", new { upto = 1_000_000 }))
        {
            break;
        }

        Assert.Equal(spans.Single("stream").SpanId, (await spans.WaitForAsync("whole")).ParentSpanId);
    }

    [PythonFact]
    public async Task Both_attempts_of_a_retried_call_are_in_its_trace()
    {
        using var marker = new Marker();
        var options = Options with { HostTools = new Dictionary<string, HostTool> { ["nothing"] = HostTool.Create<object, int>(_ => 1) } };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        using var spans = new RecordedSpans();
        await pool.ExecuteAsync("dies_once", new { marker = marker.Path }, new CallOptions { Idempotent = true }).InTime();
        var call = spans.Single("dies_once");
        Assert.Equal(call.SpanId, spans.Single("first attempt").ParentSpanId); // it was told with the host call, and ended with the worker
        Assert.Equal(call.SpanId, spans.Single("second attempt").ParentSpanId);
        Assert.Equal(spans.Single("asks").SpanId, spans.Single("nothing").ParentSpanId);
    }

    [PythonFact]
    public async Task The_spans_of_a_cancelled_call_are_in_its_trace()
    {
        using var marker = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        using var spans = new RecordedSpans();
        using var cancellation = new CancellationTokenSource();
        var call = pool.ExecuteAsync("waits", new { marker = marker.Path }, cancellationToken: cancellation.Token);
        await marker.WrittenAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        var span = await spans.WaitForAsync("waits in python");
        Assert.Equal((spans.Single("waits").SpanId, "snakepit_worker.CallCancelled"), (span.ParentSpanId, span.GetTagItem("error.type")));
    }

    [PythonFact]
    public async Task Calls_that_run_at_once_do_not_mix_their_spans()
    {
        await using var pool = await SnakepitPool.StartAsync(Concurrent).InTime();
        using var spans = new RecordedSpans();
        var calls = Enumerable.Range(0, 12).Select(number => Task.Run(async () =>
        {
            using var request = new Activity($"request {number}").Start();
            await pool.ExecuteAsync(
                number % 2 == 0 ? "sleeps_async_in" : "sleeps_in", new { name = $"span {number}", ms = 10 }).InTime();
            return (Number: number, Request: request);
        }));
        foreach (var (number, request) in await Task.WhenAll(calls))
        {
            var (outer, inner) = (spans.Single($"span {number}"), spans.Single($"inside span {number}"));
            var call = Assert.Single(spans.All, span => span.SpanId == outer.ParentSpanId);
            Assert.Equal((request.SpanId, outer.SpanId), (call.ParentSpanId, inner.ParentSpanId));
        }
    }

    [PythonTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_thread_of_a_tool_begins_without_a_span_unless_it_gets_the_context(bool concurrent)
    {
        await using var pool = await SnakepitPool.StartAsync(concurrent ? Concurrent : Options).InTime();
        using var spans = new RecordedSpans();
        await pool.ExecuteAsync("threads").InTime();
        Assert.Equal(spans.Single("threads").SpanId, spans.Single("alone").ParentSpanId);
        Assert.Equal(spans.Single("around").SpanId, spans.Single("with context").ParentSpanId);
    }

    [PythonFact]
    public async Task What_is_too_much_is_dropped_and_counted()
    {
        await using var pool = await SnakepitPool.StartAsync(Options with { Name = $"dropping over {T.Transport}" }).InTime();
        using var spans = new RecordedSpans();
        using var dropped = new Measured<long>("snakepit.python.dropped", pool.Name, SnakepitTelemetry.PythonMeterName);
        await pool.ExecuteAsync("many", new { spans = 1_500, measurements = 1_200 }).InTime();
        var call = spans.Single("many");
        Assert.Equal(500L, call.GetTagItem("snakepit.python.dropped_spans"));
        Assert.Equal(200L, call.GetTagItem("snakepit.python.dropped_measurements"));
        Assert.Equal(1_000, spans.All.Count(span => span.DisplayName == "one of many"));
        Assert.Equal((500, "span"), (dropped.All[0].Value, dropped.All[0].Tags["snakepit.python.dropped.kind"]));
        Assert.Equal((200, "measurement"), (dropped.All[1].Value, dropped.All[1].Tags["snakepit.python.dropped.kind"]));

        await pool.ExecuteAsync("many", new { spans = 900, measurements = 0, characters = 100_000 }).InTime();
        var sent = spans.All.Where(span => span.ParentSpanId != call.SpanId && span.DisplayName == "one of many").ToList();
        Assert.InRange(sent.Count, 150, 260); // 256 kB of texts, each of which is shortened to 1 kB
        Assert.InRange(((string)sent[0].GetTagItem("text")!).Length, 900, 1024);
    }

    [PythonFact]
    public async Task Nothing_is_recorded_and_nothing_imported_while_nobody_listens()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        using (new RecordedSpans("another source"))
        {
            await pool.ExecuteAsync("spans").InTime();
            await pool.ExecuteAsync("metrics", new { name = "unheard", values = new[] { 1 } }).InTime();
            Assert.False(await pool.ExecuteAsync<bool>("has_imported", new { module = "snakepit_worker.telemetry.recorder" }).InTime());
        }

        using var spans = new RecordedSpans();
        await pool.ExecuteAsync("spans").InTime();
        Assert.True(await pool.ExecuteAsync<bool>("has_imported", new { module = "snakepit_worker.telemetry.recorder" }).InTime());
    }
}

public sealed class PythonSpansOverGrpc : PythonSpans<OverGrpc>;

public sealed class PythonSpansOverDirect : PythonSpans<OverDirect>;
