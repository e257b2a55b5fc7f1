using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Pooling;

/// <summary>Tests pools that get more calls than their workers can take: the queue, its limit and its timeout.</summary>
public sealed class Backpressure
{
    [PythonFact]
    public async Task A_saturated_pool_refuses_the_caller_at_once()
    {
        using var gate = new Marker();
        await using var pool = await SnakepitPool.StartAsync(
            Probe.Options with { Workers = 1, QueueLimit = 2, QueueTimeout = TimeSpan.FromMinutes(1) }).InTime();
        var accepted = Enumerable.Range(0, 3).Select(_ => pool.ExecuteAsync<string>("until", new { gate = gate.Path })).ToArray();
        Assert.Equal(2, pool.GetStatistics().QueueLength);

        var clock = Stopwatch.StartNew();
        var refused = await Assert.ThrowsAsync<PoolSaturatedException>(() => pool.ExecuteAsync("pid").InTime());
        var refusedStream = await Assert.ThrowsAsync<PoolSaturatedException>(
            () => pool.StreamAsync<int>("count", new { upto = 1 }).ToListAsync().InTime());

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10)); // far below the queue timeout of one minute
        Assert.Equal(2, refused.QueueLimit);
        Assert.True(refused.IsTransient && refusedStream.IsTransient);
        Assert.Contains($"{nameof(SnakepitOptions.QueueLimit)} (2)", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, pool.GetStatistics().Calls.Rejected);

        gate.Write();
        Assert.All(await Task.WhenAll(accepted).InTime(), result => Assert.Equal("opened", result));
    }

    [PythonFact]
    public async Task A_call_that_exceeds_the_queue_timeout_fails_and_never_runs()
    {
        var time = new FakeTimeProvider();
        using var gate = new Marker();
        var options = Probe.Options with { Workers = 1, TimeProvider = time, CallTimeout = Timeout.InfiniteTimeSpan };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var running = pool.ExecuteAsync<string>("until", new { gate = gate.Path });
        var late = pool.ExecuteAsync("hang", new { marker = gate.At("ran") });
        var lateStream = pool.StreamAsync<int>("generator_with_cleanup", new { closed = gate.At("closed") }).ToListAsync();
        await Eventually.True(() => pool.GetStatistics().QueueLength == 2, "the call and the stream are queued");

        time.Advance(options.QueueTimeout - TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, pool.GetStatistics().QueueLength);
        Assert.False(late.IsCompleted || lateStream.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        var error = await Assert.ThrowsAsync<QueueTimeoutException>(() => late.InTime());
        await Assert.ThrowsAsync<QueueTimeoutException>(() => lateStream.InTime());
        Assert.Equal(options.QueueTimeout, error.Waited);
        Assert.True(error.IsTransient);
        Assert.Contains(nameof(SnakepitOptions.QueueTimeout), error.Message, StringComparison.Ordinal);
        Assert.Equal(2, pool.GetStatistics().Calls.TimedOut);

        gate.Write();
        Assert.Equal("opened", await running.InTime());
        Assert.Equal(1, await pool.ExecuteAsync<int>("value", new { given = 1 }).InTime());
        Assert.False(File.Exists(gate.At("ran")) || File.Exists(gate.At("closed")));
    }

    [PythonFact]
    public async Task The_queue_timeout_of_each_caller_begins_when_it_arrives()
    {
        var time = new FakeTimeProvider();
        using var gate = new Marker();
        var options = Probe.Options with
        {
            Workers = 1,
            TimeProvider = time,
            CallTimeout = Timeout.InfiniteTimeSpan,
            QueueTimeout = TimeSpan.FromSeconds(5),
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var running = pool.ExecuteAsync<string>("until", new { gate = gate.Path });
        var first = pool.ExecuteAsync("pid");
        time.Advance(TimeSpan.FromSeconds(2));
        var second = pool.ExecuteAsync("pid");

        time.Advance(TimeSpan.FromSeconds(3));
        await Assert.ThrowsAsync<QueueTimeoutException>(() => first.InTime());
        Assert.Equal(1, pool.GetStatistics().QueueLength);
        time.Advance(TimeSpan.FromSeconds(1.999));
        Assert.Equal(1, pool.GetStatistics().QueueLength);
        time.Advance(TimeSpan.FromSeconds(0.001));
        await Assert.ThrowsAsync<QueueTimeoutException>(() => second.InTime());

        time.Advance(TimeSpan.FromMinutes(1)); // a minute passes while the queue is empty
        var third = pool.ExecuteAsync("pid");
        time.Advance(TimeSpan.FromSeconds(4.999));
        Assert.Equal(1, pool.GetStatistics().QueueLength);
        time.Advance(TimeSpan.FromSeconds(0.001));
        await Assert.ThrowsAsync<QueueTimeoutException>(() => third.InTime());

        gate.Write();
        Assert.Equal("opened", await running.InTime());
    }

    [PythonFact]
    public async Task Callers_are_served_in_the_order_in_which_they_came()
    {
        using var gate = new Marker();
        await using var pool = await SnakepitPool.StartAsync(
            Probe.Options with { Workers = 1, QueueTimeout = TimeSpan.FromMinutes(1) }).InTime();
        var first = pool.ExecuteAsync("until", new { gate = gate.Path });
        var queued = Enumerable.Range(0, 20).Select(_ => pool.ExecuteAsync<int>("turn")).ToArray();
        Assert.Equal(20, pool.GetStatistics().QueueLength);

        gate.Write();
        var turns = await Task.WhenAll(queued).InTime();
        Assert.Equal(Enumerable.Range(0, 20), turns);
        await first.InTime();
    }

    [PythonFact]
    public async Task A_pool_without_a_queue_takes_one_call_per_worker()
    {
        using var gate = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Probe.Options with { QueueLimit = 0 }).InTime();
        var running = Enumerable.Range(0, 2).Select(_ => pool.ExecuteAsync("until", new { gate = gate.Path })).ToArray();
        await Assert.ThrowsAsync<PoolSaturatedException>(() => pool.ExecuteAsync("pid").InTime());
        gate.Write();
        await Task.WhenAll(running).InTime();
        await pool.ExecuteAsync("pid").InTime();
    }
}
