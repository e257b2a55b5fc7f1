using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests workers that run several calls at once: synchronous tools on threads, async tools on an event loop.</summary>
public abstract class SeveralCallsPerWorker<T>
    where T : ITestTransport
{
    private static SnakepitOptions Options { get; } = Probe.Over<T>(Probe.Concurrent);

    [PythonTheory]
    [InlineData("meet", WorkerStart.Fork)]
    [InlineData("meet_async", WorkerStart.Fork)]
    [InlineData("meet", WorkerStart.Spawn)]
    [InlineData("meet_async", WorkerStart.Spawn)]
    public async Task Calls_on_one_worker_run_at_the_same_time(string tool, WorkerStart start)
    {
        await using var pool = await SnakepitPool.StartAsync(Options with { WorkerStart = start }).InTime();
        for (var round = 0; round < 3; round++)
        {
            // Each of these four calls returns only when all four are running.
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => pool.ExecuteAsync(tool))).InTime();
        }

        Assert.Equal(12, pool.GetStatistics().Calls.Succeeded);
    }

    [PythonFact]
    public async Task Calls_beyond_the_limit_of_the_worker_are_queued()
    {
        using var gate = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var calls = Enumerable.Range(0, 6).Select(_ => pool.ExecuteAsync("until", new { gate = gate.Path })).ToList();
        var now = pool.GetStatistics();
        Assert.Equal((2, 4, WorkerState.Busy), (now.QueueLength, now.Workers[0].CallsInFlight, now.Workers[0].State));
        gate.Write();
        await Task.WhenAll(calls).InTime();
    }

    [PythonTheory]
    [InlineData("count")]
    [InlineData("count_async")]
    public async Task Several_streams_on_one_worker_arrive_complete(string tool)
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var streams = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => pool.StreamAsync<int>(tool, new { upto = 300 }).ToListAsync())).InTime();
        Assert.All(streams, chunks => Assert.Equal(Enumerable.Range(0, 300), chunks));
    }

    [PythonFact]
    public async Task A_slow_consumer_slows_an_async_generator_down_and_leaving_the_stream_closes_it()
    {
        using var marker = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Options with { StreamBuffer = 4 }).InTime();
        await foreach (var chunk in pool.StreamAsync<int>("count_async", new { upto = 1_000_000, produced = marker.Path }))
        {
            await pool.ExecuteAsync("value", new { given = chunk }).InTime(); // the only worker runs this call while the stream is open
            if (chunk == 20)
            {
                break;
            }
        }

        var produced = int.Parse(await marker.WrittenAsync(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(produced, 20, 20 + 8);
    }

    [PythonFact]
    public async Task Async_tools_raise_return_and_time_out_like_synchronous_ones()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var raised = await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync("raise_async").InTime());
        Assert.Equal(("ValueError", "raised on the loop"), (raised.PythonType, raised.PythonMessage));
        Assert.Equal(5, await pool.ExecuteAsync<int>("value_async", new { given = 5, ms = 20 }).InTime());
        await Assert.ThrowsAsync<CallTimeoutException>(
            () => pool.ExecuteAsync("wait_async", options: new() { Timeout = TimeSpan.FromMilliseconds(50) }).InTime());
        Assert.Equal(1, await pool.ExecuteAsync<int>("value_async", new { given = 1 }).InTime());
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    [PythonFact]
    public async Task A_session_on_a_worker_that_runs_several_calls_keeps_its_state()
    {
        await using var pool = await SnakepitPool.StartAsync(Options with { Workers = 2 }).InTime();
        await using var session = pool.OpenSession("one", AffinityMode.Wait);
        for (var total = 1; total <= 10; total++)
        {
            Assert.Equal(total, await session.ExecuteAsync<int>("remember").InTime());
        }
    }

    [PythonFact]
    public async Task A_stopping_pool_lets_calls_of_synchronous_and_async_tools_end()
    {
        using var gate = new Marker();
        var trace = new ProcessTrace();
        var pool = await SnakepitPool.StartAsync(trace.Tag(Options)).InTime();
        var plain = pool.ExecuteAsync<string>("until", new { gate = gate.Path, marker = gate.At("running") });
        var async = pool.ExecuteAsync<int>("value_async", new { given = 5, ms = 100 });
        await gate.WrittenAsync("running");
        var disposal = pool.DisposeAsync().AsTask();
        gate.Write();
        Assert.Equal(("opened", 5), (await plain.InTime(), await async.InTime()));
        await disposal.InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task An_adapter_that_does_not_allow_concurrent_calls_is_refused_at_the_start()
    {
        var options = Probe.Over<T>() with { MaxConcurrentCallsPerWorker = 2 };
        var refused = await Assert.ThrowsAsync<AdapterException>(() => SnakepitPool.StartAsync(options).InTime());
        Assert.Contains("concurrent = True", refused.Message, StringComparison.Ordinal);
        Assert.Contains("MaxConcurrentCallsPerWorker", refused.Message, StringComparison.Ordinal);
    }
}

public sealed class SeveralCallsPerWorkerOverGrpc : SeveralCallsPerWorker<OverGrpc>;

public sealed class SeveralCallsPerWorkerOverDirect : SeveralCallsPerWorker<OverDirect>;
