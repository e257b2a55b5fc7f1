using Snakepit.Tests.Functional.Sessions;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests what becomes of a worker whose call was cancelled, and of the state of the sessions that it keeps.</summary>
public abstract class InterruptedWorkers<T>
    where T : ITestTransport
{
    private static SnakepitOptions Options { get; } = Probe.Over<T>() with { Workers = 1 };

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task The_next_caller_in_the_queue_gets_the_successor_of_a_worker_whose_call_was_interrupted(WorkerStart start)
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await SnakepitPool.StartAsync(Options with { WorkerStart = start }).InTime();
        var old = pool.ProcessIds()[0];
        var call = pool.ExecuteAsync("sleep_wait", new { marker = marker.Path }, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();
        var waiting = Enumerable.Range(0, 5).Select(_ => pool.ExecuteAsync<int>("pid")).ToList();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        var successor = Assert.Single((await Task.WhenAll(waiting).InTime()).Distinct());
        Assert.NotEqual(old, successor);
        await OsProcess.Gone(old);
        Assert.Equal([successor], pool.ProcessIds());
        var now = pool.GetStatistics();
        Assert.Equal((1, 0, PoolHealth.Healthy), (now.Interruptions, now.Restarts, now.Health));
    }

    [PythonFact]
    public async Task A_session_that_must_stay_with_its_state_is_over_when_a_call_was_interrupted_in_its_worker()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        await using var session = pool.OpenSession("one", AffinityMode.Wait);
        Assert.Equal(1, await TotalAsync(session));

        await InterruptAsync(pool, "sleep_wait");

        var lost = await Assert.ThrowsAsync<SessionLostException>(() => TotalAsync(session));
        Assert.Equal(SessionLoss.WorkerInterrupted, lost.Reason);
        Assert.Contains(nameof(SnakepitOptions.AfterInterruption), lost.Message, StringComparison.Ordinal);
        Assert.Equal(1, pool.GetStatistics().Interruptions);
    }

    [PythonFact]
    public async Task A_session_goes_on_with_an_empty_state_when_one_of_its_own_calls_was_interrupted()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        await using var session = pool.OpenSession("one");
        Assert.Equal(1, await TotalAsync(session));
        Assert.Equal(2, await TotalAsync(session));

        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        var call = session.ExecuteAsync(
            "session_add", new { gate = marker.At("never"), marker = marker.Path }, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());

        Assert.Equal(1, await TotalAsync(session));
        Assert.Equal(SessionLoss.WorkerInterrupted, session.Loss);
    }

    [PythonTheory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_worker_that_is_kept_after_an_interruption_keeps_the_state_of_its_sessions(int capacity)
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>(Probe.Concurrent) with
        {
            MaxConcurrentCallsPerWorker = capacity,
            AfterInterruption = AfterInterruption.KeepWorker,
        }).InTime();
        var worker = pool.ProcessIds()[0];
        await using var session = pool.OpenSession("one", AffinityMode.Wait);
        Assert.Equal(1, await session.ExecuteAsync<int>("remember").InTime());

        foreach (var tool in new[] { "busy_loop", "busy_async", "wait_async" })
        {
            await InterruptAsync(pool, tool);
        }

        Assert.Equal(2, await session.ExecuteAsync<int>("remember").InTime());
        await pool.WaitForIdleWorkers(1);
        Assert.Equal([worker], pool.ProcessIds());
        Assert.Equal((0, 0), (pool.GetStatistics().Interruptions, pool.GetStatistics().Restarts));
    }

    [PythonTheory]
    [InlineData("busy_loop")]
    [InlineData("swallow_and_return")]
    [InlineData("interrupted_in_a_loop_of_its_own")]
    [InlineData("interrupted_in_a_destructor")]
    [InlineData("interrupted_in_a_thread_pool")]
    public async Task A_worker_is_replaced_wherever_the_interruption_was_raised_and_whatever_became_of_it(string tool)
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var old = pool.ProcessIds()[0];

        await InterruptAsync(pool, tool);

        Assert.NotEqual(old, await pool.ExecuteAsync<int>("pid").InTime());
        await OsProcess.Gone(old);
        Assert.Equal((1, 0), (pool.GetStatistics().Interruptions, pool.GetStatistics().Restarts));
    }

    [PythonFact]
    public async Task A_generator_that_yields_soon_ends_between_two_chunks_and_keeps_its_worker()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var worker = pool.ProcessIds()[0];
        for (var attempt = 0; attempt < 10; attempt++)
        {
            await foreach (var _ in pool.StreamAsync<int>("slow_generator", new { upto = 1_000, delay_ms = 20 }))
            {
                break;
            }

            var next = await pool.ExecuteAsync<int>("pid").InTime();
            Assert.Equal((worker, 0, 0), (next, pool.GetStatistics().Interruptions, pool.GetStatistics().Restarts));
        }
    }

    [PythonFact]
    public async Task A_generator_that_waits_for_its_consumer_is_cancelled_and_keeps_its_worker()
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await SnakepitPool.StartAsync(Options with { StreamBuffer = 1 }).InTime();
        var worker = pool.ProcessIds()[0];
        var arguments = new { produced = marker.At("produced") };
        await using var chunks = pool.StreamAsync<int>("infinite", arguments, cancellationToken: giveUp.Token).GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync().AsTask().InTime());

        await giveUp.CancelAsync();

        await marker.WrittenAsync("produced");
        Assert.Equal(worker, await pool.ExecuteAsync<int>("pid").InTime());
        Assert.Equal(0, pool.GetStatistics().Interruptions);
    }

    [PythonFact]
    public async Task An_async_tool_that_cleans_up_for_long_after_it_was_cancelled_in_an_await_keeps_its_worker()
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>(Probe.Concurrent)).InTime();
        var worker = pool.ProcessIds()[0];
        var arguments = new { marker = marker.Path, cleaned = marker.At("cleaned") };
        var call = pool.ExecuteAsync("clean_up_slowly_async", arguments, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        await marker.WrittenAsync("cleaned");
        await pool.WaitForIdleWorkers(1);
        Assert.Equal(worker, pool.ProcessIds()[0]);
        Assert.Equal(0, pool.GetStatistics().Interruptions);
    }

    [PythonFact]
    public async Task A_recycled_worker_that_is_interrupted_before_its_successor_is_ready_gets_one_successor()
    {
        await using var pool = await SnakepitPool.StartAsync(Options with { Recycling = new() { MaxCalls = 2, Jitter = 0 } }).InTime();
        for (var round = 0; round < 10; round++)
        {
            await pool.ExecuteAsync("pid").InTime();
            await InterruptAsync(pool, "sleep_wait");
        }

        await pool.WaitForIdleWorkers(1);
        Assert.Equal(0, pool.GetStatistics().Restarts);
        Assert.True(pool.GetStatistics().Interruptions > 0);
    }

    private static async Task<int> TotalAsync(SnakepitSession session) =>
        (await session.ExecuteAsync<SessionTotal>("session_add").InTime()).Total;

    /// <summary>Calls the tool, cancels the call when the tool runs, and waits until the call has ended in Python, too.</summary>
    private static async Task InterruptAsync(SnakepitPool pool, string tool)
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        var call = pool.ExecuteAsync(tool, new { marker = marker.Path }, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        await Eventually.True(() => pool.GetStatistics().Workers.All(worker => worker.CallsInFlight == 0), "no worker runs a call");
    }
}

public sealed class InterruptedWorkersOverGrpc : InterruptedWorkers<OverGrpc>;

public sealed class InterruptedWorkersOverDirect : InterruptedWorkers<OverDirect>;
