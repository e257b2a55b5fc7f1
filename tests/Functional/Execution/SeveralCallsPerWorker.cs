using System.Diagnostics;
using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>MaxConcurrentCallsPerWorker above 1: threads for plain tools, an event loop for async ones.</summary>
public abstract class SeveralCallsPerWorker<T>
    where T : IOver
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2); // 100 ms on a quiet machine; on a loaded one, less than CancelGrace

    private static SnakepitOptions Options { get; } = Probe.Over<T>() with { Adapter = "concurrent_probe", Workers = 1, MaxConcurrentCallsPerWorker = 4 };

    [PythonTheory]
    [InlineData("meet", WorkerStart.Fork)]
    [InlineData("meet_async", WorkerStart.Fork)]
    [InlineData("meet", WorkerStart.Spawn)]
    [InlineData("meet_async", WorkerStart.Spawn)]
    public async Task Calls_really_overlap_on_one_worker(string tool, WorkerStart start)
    {
        await using var pool = await SnakepitPool.StartAsync(Options with { WorkerStart = start }).InTime();
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => pool.ExecuteAsync(tool))).InTime(); // each waits for the other three
        }

        Assert.Equal(12, pool.GetStatistics().Calls.Succeeded);
    }

    [PythonFact]
    public async Task More_calls_than_the_worker_takes_wait_their_turn()
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
    [InlineData("wait_async")]
    [InlineData("busy_async")]
    [InlineData("sleep_async")]
    [InlineData("busy_loop")]
    public async Task A_cancelled_call_is_interrupted_and_its_neighbours_and_the_worker_live(string tool)
    {
        using var gate = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var worker = pool.ProcessIds()[0];
        var neighbour = pool.ExecuteAsync<string>("until", new { gate = gate.Path, marker = gate.At("neighbour") });
        await gate.WrittenAsync("neighbour");
        var call = pool.ExecuteAsync(tool, new { marker = gate.At("running") }, cancellationToken: giveUp.Token);
        await gate.WrittenAsync("running");

        var clock = Stopwatch.StartNew();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        await Eventually.True(() => pool.GetStatistics().Workers[0].CallsInFlight == 1, "the call has left the worker");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, AtOnce);

        gate.Write();
        Assert.Equal("opened", await neighbour.InTime());
        Assert.Equal(worker, await pool.ExecuteAsync<int>("pid").InTime());
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    [PythonFact]
    public async Task An_async_tool_cleans_up_when_it_is_cancelled()
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var call = pool.ExecuteAsync("wait_async", new { marker = marker.Path, cleaned = marker.At("cleaned") }, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();
        await giveUp.CancelAsync();
        Assert.Equal("cleaned up", await marker.WrittenAsync("cleaned"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
    }

    [PythonFact]
    public async Task A_blocking_call_that_cannot_be_interrupted_releases_its_caller_and_retires_its_worker_after_its_other_calls()
    {
        using var gate = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await SnakepitPool.StartAsync(Options with { CancelGrace = TimeSpan.FromMilliseconds(200) }).InTime();
        var old = pool.ProcessIds()[0];
        var neighbour = pool.ExecuteAsync<string>("until", new { gate = gate.Path, marker = gate.At("neighbour") });
        await gate.WrittenAsync("neighbour");
        var stuck = pool.ExecuteAsync("sleep_wait", new { marker = gate.At("running") }, cancellationToken: giveUp.Token);
        await gate.WrittenAsync("running");

        var clock = Stopwatch.StartNew();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stuck.InTime());
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, AtOnce);

        await Eventually.True(
            () => pool.GetStatistics() is var now && now.Count(WorkerState.Draining) == 1 && now.Count(WorkerState.Idle) == 1, "a successor is ready");
        Assert.NotEqual(old, await pool.ExecuteAsync<int>("pid").InTime()); // no new calls for the old one
        Assert.True(OsProcess.IsAlive(old));
        gate.Write();
        Assert.Equal("opened", await neighbour.InTime());
        await OsProcess.Gone(old, TimeSpan.FromSeconds(2));
    }

    [PythonFact]
    public async Task A_worker_that_is_retired_does_not_wait_for_other_calls_beyond_their_deadlines()
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await SnakepitPool.StartAsync(Options with { CancelGrace = TimeSpan.FromMilliseconds(200) }).InTime();
        var old = pool.ProcessIds()[0];
        var neighbour = pool.ExecuteAsync("sleep_wait", new { marker = marker.At("neighbour") }, new() { Timeout = TimeSpan.FromSeconds(2) });
        await marker.WrittenAsync("neighbour");
        var stuck = pool.ExecuteAsync("sleep_wait", new { marker = marker.Path }, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stuck.InTime());
        await Assert.ThrowsAsync<CallTimeoutException>(() => neighbour.InTime());
        await OsProcess.Gone(old);
        await pool.IsAtFullStrength(1);
    }

    [PythonFact]
    public async Task Many_calls_cancelled_in_vain_at_once_cost_their_worker_all_the_same()
    {
        const int Calls = 64;
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        // Far more cancellations are repeated meanwhile than a worker that reads none of them has room for.
        var options = Options with { MaxConcurrentCallsPerWorker = Calls, CancelGrace = TimeSpan.FromSeconds(1), DrainTimeout = TimeSpan.FromMilliseconds(100) };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var old = pool.ProcessIds()[0];
        var calls = Enumerable.Range(0, Calls - 1).Select(_ => pool.ExecuteAsync("wait_async", cancellationToken: giveUp.Token)).ToList();
        calls.Add(pool.ExecuteAsync("uninterruptible_async", new { marker = marker.Path }, cancellationToken: giveUp.Token));
        await marker.WrittenAsync();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(calls).InTime());
        await OsProcess.Gone(old, TimeSpan.FromSeconds(5));
        Assert.Equal(1, await pool.ExecuteAsync<int>("value", new { given = 1 }).InTime());
        Assert.Equal(1, pool.GetStatistics().Restarts);
    }

    [PythonTheory]
    [InlineData("count")]
    [InlineData("count_async")]
    public async Task Streams_of_both_kinds_arrive_whole_and_at_once(string tool)
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var streams = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => pool.StreamAsync<int>(tool, new { upto = 300 }).ToListAsync())).InTime();
        Assert.All(streams, chunks => Assert.Equal(Enumerable.Range(0, 300), chunks));
    }

    [PythonFact]
    public async Task A_slow_consumer_holds_an_async_generator_back_and_leaving_closes_it()
    {
        using var marker = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Options with { StreamBuffer = 4 }).InTime();
        await foreach (var chunk in pool.StreamAsync<int>("count_async", new { upto = 1_000_000, produced = marker.Path }))
        {
            await pool.ExecuteAsync("value", new { given = chunk }).InTime(); // the worker goes on with others meanwhile
            if (chunk == 20)
            {
                break;
            }
        }

        var produced = int.Parse(await marker.WrittenAsync(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(produced, 20, 20 + 8);
    }

    [PythonFact]
    public async Task Async_tools_raise_return_and_time_out_like_plain_ones()
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

    [PythonTheory]
    [InlineData("ask_host_async")]
    [InlineData("ask_host_from_thread")]
    public async Task Calls_at_once_may_all_ask_the_host_at_once(string tool)
    {
        var (waiting, all) = (0, new TaskCompletionSource());
        var options = Options with
        {
            HostTools = new Dictionary<string, HostTool>
            {
                ["meet"] = HostTool.Create<Dictionary<string, int>, int>(async (arguments, cancellationToken) =>
                {
                    if (Interlocked.Increment(ref waiting) == 4)
                    {
                        all.SetResult();
                    }

                    await all.Task.WaitAsync(cancellationToken);
                    return arguments["n"];
                }),
            },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            n => pool.ExecuteAsync<int>(tool, new { name = "meet", arguments = new { n } }))).InTime();
        Assert.Equal([0, 1, 2, 3], answers);
    }

    [PythonTheory]
    [InlineData("ask_host_async")]
    [InlineData("ask_host_from_thread")]
    public async Task Cancelling_a_call_that_waits_for_the_host_cancels_both(string tool)
    {
        var (entered, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        var options = Options with
        {
            HostTools = new Dictionary<string, HostTool>
            {
                ["wait"] = HostTool.Create<JsonElement, int>(async (_, cancellationToken) =>
                {
                    entered.SetResult();
                    await using var registration = cancellationToken.Register(left.SetResult);
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                    return 0;
                }),
            },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        using var giveUp = new CancellationTokenSource();
        var call = pool.ExecuteAsync(tool, new { name = "wait", arguments = new { } }, cancellationToken: giveUp.Token);
        await entered.Task.InTime();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        await left.Task.InTime();
        await Eventually.True(() => pool.GetStatistics().Workers[0].CallsInFlight == 0, "the call has left the worker");
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    [PythonFact]
    public async Task A_tool_that_takes_its_question_back_cancels_the_host_tool_and_goes_on()
    {
        var left = new TaskCompletionSource();
        var options = Options with
        {
            HostTools = new Dictionary<string, HostTool>
            {
                ["wait"] = HostTool.Create<JsonElement, int>(async (_, cancellationToken) =>
                {
                    await using var registration = cancellationToken.Register(left.SetResult);
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                    return 0;
                }),
            },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        Assert.Equal("taken back", await pool.ExecuteAsync<string>("ask_host_impatiently", new { name = "wait" }).InTime());
        await left.Task.InTime();
    }

    [PythonFact]
    public async Task Cancellations_that_race_with_results_disturb_nobody_else()
    {
        const int Seed = 20261123;
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var worker = pool.ProcessIds()[0];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            var random = new Random(Seed + caller);
            for (var given = 0; given < 150; given++)
            {
                using var giveUp = new CancellationTokenSource();
                var tool = random.Next(2) == 0 ? "value" : "value_async";
                var call = pool.ExecuteAsync<int>(tool, new { given }, cancellationToken: giveUp.Token);
                if (random.Next(3) == 0)
                {
                    await Task.Yield();
                    await giveUp.CancelAsync();
                }

                try
                {
                    Assert.Equal(given, await call);
                }
                catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
                {
                    // The cancellation has won the race.
                }
            }
        }))).InTime();
        Assert.Equal(worker, await pool.ExecuteAsync<int>("pid").InTime());
        await Eventually.True(() => pool.GetStatistics().Workers[0].CallsInFlight == 0, "every place is free again");
    }

    [PythonFact]
    public async Task A_session_on_such_a_worker_keeps_its_state()
    {
        await using var pool = await SnakepitPool.StartAsync(Options with { Workers = 2 }).InTime();
        await using var session = pool.OpenSession("one", AffinityMode.Wait);
        for (var total = 1; total <= 10; total++)
        {
            Assert.Equal(total, await session.ExecuteAsync<int>("remember").InTime());
        }
    }

    [PythonFact]
    public async Task A_stopping_pool_lets_calls_of_both_kinds_end()
    {
        using var gate = new Marker();
        var trace = new ProcessTrace();
        var pool = await SnakepitPool.StartAsync(trace.On(Options)).InTime();
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
    public async Task An_adapter_that_does_not_allow_it_is_refused_at_the_start()
    {
        var refused = await Assert.ThrowsAsync<AdapterException>(() => SnakepitPool.StartAsync(Probe.Over<T>() with { MaxConcurrentCallsPerWorker = 2 }).InTime());
        Assert.Contains("concurrent = True", refused.Message, StringComparison.Ordinal);
        Assert.Contains("MaxConcurrentCallsPerWorker", refused.Message, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData("wait_async")]
    [InlineData("busy_async")]
    [InlineData("sleep_async")]
    [InlineData("busy_loop")]
    [InlineData("sleep_wait")]
    public async Task With_a_capacity_of_one_every_tool_of_such_an_adapter_can_be_interrupted(string tool)
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await SnakepitPool.StartAsync(Options with { MaxConcurrentCallsPerWorker = 1 }).InTime();
        var worker = pool.ProcessIds()[0];
        var call = pool.ExecuteAsync(tool, new { marker = marker.Path }, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        Assert.Equal(worker, await pool.ExecuteAsync<int>("pid").InTime());
    }
}

public sealed class SeveralCallsPerWorkerOverGrpc : SeveralCallsPerWorker<OverGrpc>;

public sealed class SeveralCallsPerWorkerOverDirect : SeveralCallsPerWorker<OverDirect>;
