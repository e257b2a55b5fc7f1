using System.Globalization;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests streams and calls that run in one pool at the same time.</summary>
public abstract class ConcurrentStreams<T>
    where T : ITestTransport
{
    [PythonFact]
    public async Task Streams_are_queued_when_there_are_more_than_workers()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { QueueTimeout = TimeSpan.FromSeconds(30) }).InTime();
        var streams = Enumerable.Range(1, 7)
            .Select(upto => pool.StreamAsync<int>("slow_generator", new { upto, delay_ms = 5 }).ToListAsync())
            .ToArray();
        await Task.WhenAll(streams).InTime();
        Assert.All(streams.Index(), one => Assert.Equal(Enumerable.Range(0, one.Index + 1), one.Item.Result));
        await pool.WaitForIdleWorkers(2);
    }

    [PythonTheory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_slow_consumer_slows_its_generator_down(int buffer)
    {
        const int Read = 10;
        using var marker = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { StreamBuffer = buffer }).InTime();
        var read = 0;
        await foreach (var _ in pool.StreamAsync<int>("infinite", new { produced = marker.At("produced") }))
        {
            if (++read == Read)
            {
                break;
            }

            // This call takes 20 ms on the other worker. A generator that nothing slows down would make thousands of chunks meanwhile.
            await pool.ExecuteAsync("slow_call", new { ms = 20 }).InTime();
        }

        var produced = int.Parse(await marker.WrittenAsync("produced"), CultureInfo.InvariantCulture);
        Assert.InRange(produced, Read, Read + buffer + 1);
    }

    [PythonFact]
    public async Task An_abandoned_stream_frees_its_worker_when_its_time_limit_passes()
    {
        using var marker = new Marker();
        var options = Probe.Over<T>() with { Workers = 1, StreamBuffer = 4, StreamTimeout = TimeSpan.FromMilliseconds(300) };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        await using var abandoned = pool.StreamAsync<int>("infinite", new { produced = marker.Path }).GetAsyncEnumerator();
        Assert.True(await abandoned.MoveNextAsync().AsTask().InTime());

        Assert.Equal(1, await pool.ExecuteAsync<int>("value", new { given = 1 }).InTime());

        await marker.WrittenAsync(); // the generator writes the marker when the worker closes the generator
        for (var chunk = 2; chunk <= 4; chunk++)
        {
            Assert.True(await abandoned.MoveNextAsync().AsTask().InTime());
            Assert.Equal(chunk, abandoned.Current); // the stream still delivers chunks that arrived before its time limit
        }

        await Assert.ThrowsAsync<CallTimeoutException>(() => abandoned.MoveNextAsync().AsTask().InTime());
        Assert.Equal(new CallStatistics(2, 1, 0, 0, TimedOut: 1, 0, 0), pool.GetStatistics().Calls);
    }

    [PythonFact]
    public async Task A_consumer_that_pauses_blocks_only_its_own_worker()
    {
        using var marker = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>()).InTime();
        await using var paused = pool.StreamAsync<int>("infinite", new { produced = marker.At("produced") }).GetAsyncEnumerator();
        Assert.True(await paused.MoveNextAsync().AsTask().InTime());
        for (var given = 0; given < 100; given++)
        {
            Assert.Equal(given, await pool.ExecuteAsync<int>("value", new { given }).InTime());
        }

        for (var chunk = 2; chunk < 100; chunk++)
        {
            Assert.True(await paused.MoveNextAsync().AsTask().InTime());
            Assert.Equal(chunk, paused.Current);
        }
    }
}

public sealed class ConcurrentStreamsOverGrpc : ConcurrentStreams<OverGrpc>;

public sealed class ConcurrentStreamsOverDirect : ConcurrentStreams<OverDirect>;
