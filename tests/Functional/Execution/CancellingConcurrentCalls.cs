using System.Diagnostics;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests the cancellation of calls that run on the same worker as other calls.</summary>
public abstract class CancellingConcurrentCalls<T>
    where T : ITestTransport
{
    // The time in which a cancelled call must end. A quiet machine needs about 100 ms. The bound allows for a loaded machine, and is not
    // longer than the default CancelGrace, after which the pool kills the worker.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(4);

    private static SnakepitOptions Options { get; } = Probe.Over<T>(Probe.Concurrent);

    [PythonTheory]
    [InlineData("busy_async")]
    [InlineData("sleep_async")]
    [InlineData("busy_loop")]
    public async Task A_call_is_interrupted_only_after_the_other_calls_on_its_worker_have_ended_and_the_worker_is_replaced(string tool)
    {
        using var gate = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var old = pool.ProcessIds()[0];
        var neighbour = pool.ExecuteAsync<string>("until", new { gate = gate.Path, marker = gate.At("neighbour") });
        await gate.WrittenAsync("neighbour");
        var call = pool.ExecuteAsync(tool, new { marker = gate.At("running") }, cancellationToken: giveUp.Token);
        await gate.WrittenAsync("running");

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        await Eventually.True(
            () => pool.GetStatistics() is { Interruptions: 1 } now && now.Count(WorkerState.Idle) == 1,
            "the worker is replaced, because a call must be interrupted in it");
        Assert.NotEqual(old, await pool.ExecuteAsync<int>("pid").InTime());
        Assert.Equal(2, Assert.Single(pool.GetStatistics().Workers, worker => worker.ProcessId == old).CallsInFlight);

        gate.Write();
        Assert.Equal("opened", await neighbour.InTime());
        await OsProcess.Gone(old, AtOnce);
        await pool.WaitForIdleWorkers(1);
        Assert.Equal((0, 1), (pool.GetStatistics().Restarts, pool.GetStatistics().Interruptions));
    }

    [PythonFact]
    public async Task A_call_that_ends_in_an_await_leaves_its_worker_as_it_was()
    {
        using var gate = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var worker = pool.ProcessIds()[0];
        var neighbour = pool.ExecuteAsync<string>("until", new { gate = gate.Path, marker = gate.At("neighbour") });
        await gate.WrittenAsync("neighbour");
        var call = pool.ExecuteAsync("wait_async", new { marker = gate.At("running") }, cancellationToken: giveUp.Token);
        await gate.WrittenAsync("running");

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        await Eventually.True(() => pool.GetStatistics().Workers[0].CallsInFlight == 1, "the call has left the worker", AtOnce);

        gate.Write();
        Assert.Equal("opened", await neighbour.InTime());
        Assert.Equal(worker, await pool.ExecuteAsync<int>("pid").InTime());
        Assert.Equal((0, 0), (pool.GetStatistics().Restarts, pool.GetStatistics().Interruptions));
    }

    [PythonFact]
    public async Task A_call_that_blocks_the_event_loop_is_interrupted_at_once_if_another_call_waits_for_the_loop()
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await SnakepitPool.StartAsync(Options with { CancelGrace = Eventually.Patience }).InTime();
        var old = pool.ProcessIds()[0];
        var neighbour = pool.ExecuteAsync<int>("value_async", new { given = 7, ms = 300 });
        var call = pool.ExecuteAsync("busy_async", new { marker = marker.Path }, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        Assert.Equal(7, await neighbour.WaitAsync(AtOnce));
        await OsProcess.Gone(old, AtOnce);
        Assert.Equal((0, 1), (pool.GetStatistics().Restarts, pool.GetStatistics().Interruptions));
    }

    [PythonFact]
    public async Task An_async_tool_cleans_up_when_it_is_cancelled()
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var arguments = new { marker = marker.Path, cleaned = marker.At("cleaned") };
        var call = pool.ExecuteAsync("wait_async", arguments, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();
        await giveUp.CancelAsync();
        Assert.Equal("cleaned up", await marker.WrittenAsync("cleaned"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
    }

    [PythonFact]
    public async Task A_worker_with_a_call_that_cannot_be_interrupted_is_replaced_after_its_other_calls_have_ended()
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
            () => pool.GetStatistics() is var now && now.Count(WorkerState.Draining) == 1 && now.Count(WorkerState.Idle) == 1,
            "the old worker is draining and its successor is idle");
        Assert.NotEqual(old, await pool.ExecuteAsync<int>("pid").InTime()); // the successor runs the new call
        Assert.True(OsProcess.IsAlive(old));
        gate.Write();
        Assert.Equal("opened", await neighbour.InTime());
        await OsProcess.Gone(old, TimeSpan.FromSeconds(2));
    }

    [PythonFact]
    public async Task A_retired_worker_waits_for_its_other_calls_only_until_their_deadlines()
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await SnakepitPool.StartAsync(Options with { CancelGrace = TimeSpan.FromMilliseconds(200) }).InTime();
        var old = pool.ProcessIds()[0];
        var limit = new CallOptions { Timeout = TimeSpan.FromSeconds(2) };
        var neighbour = pool.ExecuteAsync("sleep_wait", new { marker = marker.At("neighbour") }, limit);
        await marker.WrittenAsync("neighbour");
        var stuck = pool.ExecuteAsync("sleep_wait", new { marker = marker.Path }, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stuck.InTime());
        await Assert.ThrowsAsync<CallTimeoutException>(() => neighbour.InTime());
        await OsProcess.Gone(old);
        await pool.WaitForIdleWorkers(1);
    }

    [PythonFact]
    public async Task A_worker_that_ignores_many_cancellations_at_once_is_killed_and_replaced()
    {
        const int Calls = 64;
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        // The pool sends each cancellation again and again until CancelGrace has passed. If the worker reads none of these messages, they
        // fill the buffer of its socket. The pool must not wait until the buffer has room again.
        var options = Options with
        {
            MaxConcurrentCallsPerWorker = Calls,
            CancelGrace = TimeSpan.FromSeconds(1),
            DrainTimeout = TimeSpan.FromMilliseconds(100),
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var old = pool.ProcessIds()[0];
        var calls = Enumerable.Range(0, Calls - 1).Select(_ => pool.ExecuteAsync("wait_async", cancellationToken: giveUp.Token)).ToList();
        calls.Add(pool.ExecuteAsync("uninterruptible_async", new { marker = marker.Path }, cancellationToken: giveUp.Token));
        await marker.WrittenAsync();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(calls).InTime());
        await OsProcess.Gone(old, TimeSpan.FromSeconds(5));
        Assert.Equal(1, await pool.ExecuteAsync<int>("value", new { given = 1 }).InTime());
        Assert.Equal((1, 1), (pool.GetStatistics().Restarts, pool.GetStatistics().Interruptions));
    }

    [PythonFact]
    public async Task Cancellations_that_race_with_results_do_not_affect_other_calls()
    {
        const int Seed = 20261123;
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
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
                    // The call was cancelled before its result arrived.
                }
            }
        }))).InTime();
        await Eventually.True(
            () => pool.GetStatistics().Workers.All(worker => worker.CallsInFlight == 0), "the cancelled calls have left the worker");
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    [PythonTheory]
    [InlineData("wait_async")]
    [InlineData("busy_async")]
    [InlineData("sleep_async")]
    [InlineData("busy_loop")]
    [InlineData("sleep_wait")]
    public async Task Every_tool_of_a_concurrent_adapter_can_be_interrupted_on_a_worker_that_runs_one_call_at_a_time(string tool)
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await SnakepitPool.StartAsync(Options with { MaxConcurrentCallsPerWorker = 1 }).InTime();
        var worker = pool.ProcessIds()[0];
        var call = pool.ExecuteAsync(tool, new { marker = marker.Path }, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        var isKept = worker == await pool.ExecuteAsync<int>("pid").InTime();
        Assert.Equal((tool == "wait_async", 0), (isKept, pool.GetStatistics().Restarts));
    }
}

public sealed class CancellingConcurrentCallsOverGrpc : CancellingConcurrentCalls<OverGrpc>;

public sealed class CancellingConcurrentCallsOverDirect : CancellingConcurrentCalls<OverDirect>;
