using System.Diagnostics;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Telemetry;

/// <summary>Tests the spans of calls and streams.</summary>
public abstract class CallSpans<T>
    where T : ITestTransport
{
    private static readonly SnakepitOptions Options = Probe.Over<T>() with { Name = $"spans over {T.Transport}", Workers = 1 };

    [PythonFact]
    public async Task A_call_is_a_client_span_below_the_callers_span()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        using var spans = new RecordedSpans();
        await pool.ExecuteAsync("pid").InTime();
        Assert.Same(spans.Root, Activity.Current);

        var span = spans.Single("pid");
        Assert.Equal((ActivityKind.Client, spans.Root.SpanId), (span.Kind, span.ParentSpanId));
        Assert.Equal(("Snakepit", "0.1.0"), (span.Source.Name, span.Source.Version));
        Assert.Equal(
            [
                new("rpc.method", "pid"),
                new("rpc.system.name", "snakepit"),
                new("snakepit.pool.name", pool.Name),
                new("snakepit.worker.id", pool.GetStatistics().Workers[0].Worker),
            ],
            Tags(span));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.True(span.Duration > TimeSpan.Zero);
    }

    [PythonFact]
    public async Task The_span_of_a_failed_call_has_the_error_and_its_message()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        using var spans = new RecordedSpans();
        var raised = await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync("raise_os_error").InTime());
        var span = spans.Single("raise_os_error");
        Assert.Equal((ActivityStatusCode.Error, raised.Message), (span.Status, span.StatusDescription));
        Assert.Equal("FileNotFoundError", span.GetTagItem("error.type"));

        await Assert.ThrowsAsync<UnknownToolException>(() => pool.ExecuteAsync<int>("no such tool").InTime());
        Assert.Equal("Snakepit.UnknownToolException", spans.Single("no such tool").GetTagItem("error.type"));
        await Assert.ThrowsAsync<CallTimeoutException>(
            () => pool.ExecuteAsync("hang", options: new() { Timeout = TimeSpan.FromMilliseconds(20) }).InTime());
        Assert.Equal("Snakepit.CallTimeoutException", spans.Single("hang").GetTagItem("error.type"));
        using var cancellation = new CancellationTokenSource();
        var cancelled = pool.ExecuteAsync("busy_loop", cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.InTime());
        Assert.Equal("System.OperationCanceledException", spans.Single("busy_loop").GetTagItem("error.type"));
        await Assert.ThrowsAsync<ArgumentException>(() => pool.ExecuteAsync(" ").InTime());
        Assert.Equal(4, spans.All.Count); // a call that the caller may not make is none
    }

    [PythonFact]
    public async Task The_span_of_a_session_call_names_the_session()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        using var spans = new RecordedSpans();
        await using var session = pool.OpenSession("customer 7");
        await session.ExecuteAsync("session_add").InTime();
        await session.StreamAsync<int>("session_stream", new { upto = 2 }).ToListAsync().InTime();
        Assert.Equal("customer 7", spans.Single("session_add").GetTagItem("snakepit.session.id"));
        Assert.Equal("customer 7", spans.Single("session_stream").GetTagItem("snakepit.session.id"));
    }

    [PythonFact]
    public async Task A_retried_call_is_one_span_with_an_event()
    {
        using var gate = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        using var spans = new RecordedSpans();
        var arguments = new { gate = gate.Path, marker = gate.At("running") };
        var call = pool.ExecuteAsync("until", arguments, new CallOptions { Idempotent = true });
        await gate.WrittenAsync("running");
        var first = pool.GetStatistics().Workers[0];
        OsProcess.Kill(first.ProcessId);
        gate.Write();
        await call.InTime();

        var span = spans.Single("until");
        Assert.Equal(1, span.GetTagItem("snakepit.call.retries"));
        Assert.NotEqual(first.Worker, span.GetTagItem("snakepit.worker.id"));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        var retry = Assert.Single(span.Events);
        Assert.Equal("snakepit.retry", retry.Name);
        Assert.Contains(new("snakepit.worker.id", first.Worker), retry.Tags);
        Assert.Contains(new("error.type", "Snakepit.WorkerLostException"), retry.Tags);
    }

    [PythonFact]
    public async Task The_span_of_a_stream_lasts_until_its_enumeration_ends()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        using var spans = new RecordedSpans();
        await foreach (var number in pool.StreamAsync<int>("count", new { upto = 3 }))
        {
            Assert.Same(spans.Root, Activity.Current); // the consumer's code is not a part of the stream's span
            Assert.Empty(spans.All);
            await Task.Delay(10 * number);
        }

        var read = spans.Single("count");
        Assert.Equal((ActivityKind.Client, spans.Root.SpanId), (read.Kind, read.ParentSpanId));
        Assert.True(read.Duration >= TimeSpan.FromMilliseconds(25), $"{read.Duration}");

        await foreach (var _ in pool.StreamAsync<int>("infinite", new { produced = "" }))
        {
            break;
        }

        Assert.Equal(ActivityStatusCode.Unset, spans.Single("infinite").Status);
        await Assert.ThrowsAsync<PythonException>(
            () => pool.StreamAsync<int>("failing_generator", new { after = 1 }).ToListAsync().InTime());
        Assert.Equal("ValueError", spans.Single("failing_generator").GetTagItem("error.type"));

        using var cancellation = new CancellationTokenSource();
        var slow = pool.StreamAsync<int>("slow_generator", new { upto = 1000, delay_ms = 5 }, cancellationToken: cancellation.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in slow)
            {
                await cancellation.CancelAsync();
            }
        });
        Assert.Equal("System.OperationCanceledException", spans.Single("slow_generator").GetTagItem("error.type"));
        Assert.Same(spans.Root, Activity.Current);
    }

    [PythonFact]
    public async Task A_call_that_nobody_samples_has_no_span()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        using var spans = new RecordedSpans();
        await Task.Run(() =>
        {
            Activity.Current = null; // and so another trace
            return pool.ExecuteAsync("pid").InTime();
        });
        Assert.Empty(spans.All);
    }

    private static IEnumerable<KeyValuePair<string, object?>> Tags(Activity span) =>
        span.TagObjects.OrderBy(tag => tag.Key, StringComparer.Ordinal);
}

public sealed class CallSpansOverGrpc : CallSpans<OverGrpc>;

public sealed class CallSpansOverDirect : CallSpans<OverDirect>;
