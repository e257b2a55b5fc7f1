using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests single streams: their chunks, their errors and how they end.</summary>
public abstract class Streaming<T>(ProbePool<T> probe) : IClassFixture<ProbePool<T>>
    where T : ITestTransport
{
    private readonly SnakepitPool _pool = probe.Pool;

    [PythonTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)] // the default of SnakepitOptions.StreamBuffer, a number of chunks
    [InlineData(17)]
    [InlineData(1_000)]
    public async Task Every_chunk_arrives_once_and_in_order(int upto)
    {
        Assert.Equal(Enumerable.Range(0, upto), await _pool.StreamAsync<int>("count", new { upto }).ToListAsync().InTime());
        await probe.AssertStillUsable();
    }

    [PythonFact]
    public async Task A_generator_that_yields_nothing_is_an_empty_stream() =>
        Assert.Empty(await _pool.StreamAsync<int>("nothing").ToListAsync().InTime());

    [PythonFact]
    public async Task A_chunk_arrives_before_the_next_one_is_made()
    {
        using var gate = new Marker();
        await using var chunks = _pool.StreamAsync<string>("gated_generator", new { gate = gate.Path }).GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync().AsTask().InTime());
        Assert.Equal("first", chunks.Current);
        gate.Write();
        Assert.True(await chunks.MoveNextAsync().AsTask().InTime());
        Assert.Equal("second", chunks.Current);
        Assert.False(await chunks.MoveNextAsync().AsTask().InTime());
    }

    [PythonFact]
    public async Task Chunks_arrive_one_by_one_as_they_are_made()
    {
        // After each chunk, the generator waits until the test has read the chunk. If the worker sent the chunks only after the
        // generator had ended, no chunk would ever arrive.
        using var seen = new Marker();
        await using var chunks = _pool.StreamAsync<int>("stepwise_generator", new { upto = 20, seen = seen.At("") }).GetAsyncEnumerator();
        for (var chunk = 0; chunk < 20; chunk++)
        {
            Assert.True(await chunks.MoveNextAsync().AsTask().InTime());
            Assert.Equal(chunk, chunks.Current);
            await File.WriteAllTextAsync(seen.At($"{chunk}"), "");
        }

        Assert.False(await chunks.MoveNextAsync().AsTask().InTime());
    }

    [PythonFact]
    public async Task An_exception_in_mid_stream_arrives_after_the_chunks_before_it()
    {
        var arrived = new List<int>();
        var raised = await Assert.ThrowsAsync<PythonException>(async () =>
        {
            await foreach (var chunk in _pool.StreamAsync<int>("failing_generator", new { after = 20 }))
            {
                arrived.Add(chunk);
            }
        });
        Assert.Equal(Enumerable.Range(0, 20), arrived);
        Assert.Equal(("ValueError", "failed after 20"), (raised.PythonType, raised.PythonMessage));
        Assert.Contains("in failing_generator", raised.PythonTraceback, StringComparison.Ordinal);
        // The traceback leaves out the code of the worker package, because it is not the user's code.
        Assert.DoesNotContain("snakepit_worker/dispatch", raised.PythonTraceback, StringComparison.Ordinal);
        await probe.AssertStillUsable();
    }

    [PythonFact]
    public async Task A_chunk_that_json_cannot_represent_ends_the_stream_with_an_error()
    {
        await using var chunks = _pool.StreamAsync<int>("not_encodable_chunk").GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync().AsTask().InTime());
        await Assert.ThrowsAsync<ResultEncodingException>(() => chunks.MoveNextAsync().AsTask().InTime());
        await probe.AssertStillUsable();
    }

    [PythonFact]
    public async Task A_chunk_that_does_not_convert_to_the_requested_type_ends_the_stream_with_an_error()
    {
        using var marker = new Marker();
        var produced = marker.At("produced");
        await Assert.ThrowsAsync<ResultConversionException>(
            () => _pool.StreamAsync<bool>("infinite", new { produced }).ToListAsync().InTime());
        await marker.WrittenAsync("produced");
        await probe.AssertStillUsable();
    }

    [PythonFact]
    public async Task Wrong_arguments_of_a_stream_are_refused_when_its_first_chunk_is_read()
    {
        var refused = await Assert.ThrowsAsync<ToolArgumentException>(() => _pool.StreamAsync<int>("count").ToListAsync().InTime());
        Assert.Contains("missing 'upto'", refused.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Leaving_a_stream_early_closes_its_generator_and_frees_its_worker()
    {
        using var marker = new Marker();
        await foreach (var _ in _pool.StreamAsync<int>("generator_with_cleanup", new { closed = marker.Path }))
        {
            break;
        }

        Assert.Equal("closed", await marker.WrittenAsync());
        await probe.AssertReplacedAfterInterruption();
    }

    [PythonFact]
    public async Task A_stream_that_is_never_read_starts_no_call()
    {
        var before = _pool.GetStatistics().Calls;
        var unread = _pool.StreamAsync<int>("count", new { upto = 1 });
        await using (unread.GetAsyncEnumerator())
        {
            Assert.Equal(before, _pool.GetStatistics().Calls);
        }

        Assert.Equal(before, _pool.GetStatistics().Calls);
    }

    [PythonTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancelling_ends_a_stream_that_waits_for_its_next_chunk(bool withCancellation)
    {
        using var giveUp = new CancellationTokenSource();
        using var marker = new Marker();
        var arguments = new { closed = marker.Path, resumed = marker.At("resumed") };
        var stream = withCancellation
            ? _pool.StreamAsync<int>("generator_with_cleanup", arguments).WithCancellation(giveUp.Token)
            : _pool.StreamAsync<int>("generator_with_cleanup", arguments, cancellationToken: giveUp.Token).WithCancellation(default);
        await using var chunks = stream.GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());
        var next = chunks.MoveNextAsync();
        await marker.WrittenAsync("resumed"); // before that, the call would end between two chunks

        await giveUp.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        Assert.Equal(giveUp.Token, cancelled.CancellationToken);
        Assert.Equal("closed", await marker.WrittenAsync());
        await probe.AssertReplacedAfterInterruption();
    }

    [PythonFact]
    public async Task Cancelling_ends_a_stream_whose_generator_is_busy()
    {
        using var giveUp = new CancellationTokenSource();
        using var marker = new Marker();
        var stream = _pool.StreamAsync<int>("busy_generator", new { marker = marker.Path }, cancellationToken: giveUp.Token);
        await using var chunks = stream.GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync().AsTask().InTime());
        await marker.WrittenAsync();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => chunks.MoveNextAsync().AsTask().InTime());
        await probe.AssertReplacedAfterInterruption();
    }

    [PythonFact]
    public async Task Cancelling_between_two_chunks_ends_the_stream_even_if_more_chunks_have_arrived()
    {
        using var giveUp = new CancellationTokenSource();
        using var marker = new Marker();
        var arguments = new { produced = marker.At("produced") };
        var arrived = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in _pool.StreamAsync<int>("infinite", arguments, cancellationToken: giveUp.Token))
            {
                if (++arrived == 3)
                {
                    await giveUp.CancelAsync();
                }
            }
        });
        Assert.Equal(3, arrived);
        await marker.WrittenAsync("produced");
        await probe.AssertStillUsable();
    }

    [PythonFact]
    public async Task A_stream_that_exceeds_its_time_limit_delivers_its_chunks_and_is_then_interrupted()
    {
        using var marker = new Marker();
        var options = new CallOptions { Timeout = TimeSpan.FromSeconds(1) };
        var arguments = new { closed = marker.Path };
        await using var chunks = _pool.StreamAsync<int>("generator_with_cleanup", arguments, options).GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync().AsTask().InTime());
        var late = await Assert.ThrowsAsync<CallTimeoutException>(() => chunks.MoveNextAsync().AsTask().InTime());
        Assert.Contains(nameof(SnakepitOptions.StreamTimeout), late.Message, StringComparison.Ordinal);
        Assert.Equal("closed", await marker.WrittenAsync());
        await probe.AssertReplacedAfterInterruption();
    }
}

public sealed class StreamingOverGrpc(ProbePool<OverGrpc> probe) : Streaming<OverGrpc>(probe);

public sealed class StreamingOverDirect(ProbePool<OverDirect> probe) : Streaming<OverDirect>(probe);
