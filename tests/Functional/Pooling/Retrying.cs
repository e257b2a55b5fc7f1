using Microsoft.Extensions.Time.Testing;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Pooling;

/// <summary>
/// Tests that a call whose worker dies while the call runs is retried once if the call is marked idempotent, and fails otherwise.
/// </summary>
public abstract class Retrying<T>
    where T : ITestTransport
{
    private static readonly CallOptions Idempotent = new() { Idempotent = true };

    [PythonFact]
    public async Task An_idempotent_call_is_retried_on_another_worker()
    {
        using var gate = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>()).InTime();
        var call = pool.ExecuteAsync<string>("until", new { gate = gate.Path, marker = gate.At("running") }, Idempotent);
        await gate.WrittenAsync("running");

        OsProcess.Kill(BusyWorker(pool));
        gate.Write();

        Assert.Equal("opened", await call.InTime());
        await pool.WaitForIdleWorkers(2);
        Assert.Equal(new CallStatistics(1, 1, 0, 0, 0, 0, Retried: 1), pool.GetStatistics().Calls);
    }

    [PythonFact]
    public async Task An_idempotent_call_is_retried_only_once()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>()).InTime();
        var lost = await Assert.ThrowsAsync<WorkerLostException>(
            () => pool.ExecuteAsync("print_and_exit", new { status = 5 }, Idempotent).InTime());
        Assert.Equal(5, lost.ExitCode);
        await pool.WaitForIdleWorkers(2);
        Assert.Equal(2, pool.GetStatistics().Restarts);
        Assert.Equal(new CallStatistics(1, 0, 1, 0, 0, 0, Retried: 1), pool.GetStatistics().Calls);
    }

    [PythonFact]
    public async Task A_call_that_is_not_marked_idempotent_is_never_retried()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>()).InTime();
        await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("print_and_exit", new { status = 5 }).InTime());
        await pool.WaitForIdleWorkers(2);
        Assert.Equal((1, 0), (pool.GetStatistics().Restarts, pool.GetStatistics().Calls.Retried));
    }

    [PythonFact]
    public async Task A_call_whose_tool_raises_an_exception_is_not_retried()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1 }).InTime();
        await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync("raise_os_error", options: Idempotent).InTime());
        Assert.Equal(0, pool.GetStatistics().Calls.Retried);
    }

    [PythonFact]
    public async Task Both_attempts_share_the_time_limit_of_one_call()
    {
        var time = new FakeTimeProvider();
        using var marker = new Marker();
        await using var pool = await SnakepitPool.StartAsync(
            Probe.Over<T>() with { TimeProvider = time, Heartbeat = new() { Interval = TimeSpan.FromDays(1) } }).InTime();
        var limit = TimeSpan.FromSeconds(10);
        var call = pool.ExecuteAsync("hang", new { marker = marker.Path }, Idempotent with { Timeout = limit });
        await marker.WrittenAsync();
        time.Advance(TimeSpan.FromSeconds(6));
        File.Delete(marker.Path);
        OsProcess.Kill(BusyWorker(pool));
        await marker.WrittenAsync(); // the second attempt writes the marker again

        time.Advance(TimeSpan.FromSeconds(3));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        var late = await Assert.ThrowsAsync<CallTimeoutException>(() => call.InTime());
        Assert.Equal(limit, late.Timeout); // the limit that the caller set, not the time that was left for the second attempt
        Assert.Equal(1, pool.GetStatistics().Calls.Retried);
    }

    [PythonFact]
    public async Task Time_in_the_queue_does_not_count_towards_the_time_limit()
    {
        var time = new FakeTimeProvider();
        using var gate = new Marker();
        var options = Probe.Over<T>() with
        {
            Workers = 1,
            TimeProvider = time,
            CallTimeout = Timeout.InfiniteTimeSpan,
            QueueTimeout = TimeSpan.FromHours(1),
            Heartbeat = new() { Interval = TimeSpan.FromDays(1) },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var before = pool.ExecuteAsync("until", new { gate = gate.At("first") });
        var call = pool.ExecuteAsync<string>(
            "until", new { gate = gate.Path, marker = gate.At("running") }, Idempotent with { Timeout = TimeSpan.FromSeconds(10) });
        time.Advance(TimeSpan.FromMinutes(1)); // a minute passes while the call is queued
        await File.WriteAllTextAsync(gate.At("first"), "");
        await before.InTime();
        await gate.WrittenAsync("running");
        File.Delete(gate.At("running"));

        OsProcess.Kill(BusyWorker(pool));
        await gate.WrittenAsync("running"); // the second attempt writes this file again
        time.Advance(TimeSpan.FromSeconds(9));
        gate.Write();

        Assert.Equal("opened", await call.InTime());
    }

    [PythonFact]
    public async Task An_idempotent_stream_is_retried_before_its_first_chunk_and_never_after_it()
    {
        using var gate = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>()).InTime();
        await using var chunks = pool.StreamAsync<string>("late_generator", new { gate = gate.Path }, Idempotent).GetAsyncEnumerator();
        var first = chunks.MoveNextAsync().AsTask();
        OsProcess.Kill(BusyWorker(pool));
        gate.Write();
        Assert.True(await first.InTime());

        var second = chunks.MoveNextAsync().AsTask();
        OsProcess.Kill(BusyWorker(pool));
        await Assert.ThrowsAsync<WorkerLostException>(() => second.InTime());
        Assert.Equal(1, pool.GetStatistics().Calls.Retried);
    }

    private static int BusyWorker(SnakepitPool pool) =>
        Assert.Single(pool.GetStatistics().Workers, worker => worker.CallsInFlight > 0).ProcessId;
}

public sealed class RetryingOverGrpc : Retrying<OverGrpc>;

public sealed class RetryingOverDirect : Retrying<OverDirect>;
