using System.Diagnostics;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests that cancelling a call interrupts its Python code, and that a fresh worker then serves the next caller.</summary>
public abstract class Cancelling<T>(ProbePool<T> probe) : IClassFixture<ProbePool<T>>
    where T : ITestTransport
{
    // The time in which a cancelled call must end. A quiet machine needs about 5 ms. The bound allows for a loaded machine, and is not
    // longer than the default CancelGrace, after which the pool kills the worker.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(4);

    private readonly SnakepitPool _pool = probe.Pool;

    [PythonTheory]
    [InlineData("busy_loop")]
    [InlineData("sleep_wait")]
    [InlineData("lock_wait")]
    [InlineData("socket_wait")]
    [InlineData("subprocess_wait")]
    public async Task A_cancelled_tool_is_interrupted_and_its_worker_is_replaced(string tool)
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        var call = _pool.ExecuteAsync(tool, new { marker = marker.Path }, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();

        var clock = Stopwatch.StartNew();
        await giveUp.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        var answered = clock.Elapsed;
        await probe.AssertReplacedAfterInterruption();

        Assert.Equal(giveUp.Token, cancelled.CancellationToken);
        Assert.InRange(answered, TimeSpan.Zero, AtOnce);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, AtOnce);
    }

    [PythonFact]
    public async Task The_next_caller_waits_no_longer_than_the_start_of_a_worker_takes()
    {
        var fastest = TimeSpan.MaxValue; // only the fastest attempt counts, because other processes may delay some attempts
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var clock = await CancelAsync("sleep_wait");
            await _pool.ExecuteAsync("pid").InTime();
            var waited = clock.Elapsed;
            var start = _pool.GetStatistics().Workers[^1].Start!;
            fastest = waited - start.Duration is var longer && longer < fastest ? longer : fastest;
            await probe.AssertReplacedAfterInterruption();
        }

        Assert.InRange(fastest, TimeSpan.Zero, TimeSpan.FromMilliseconds(50)); // the time that the interruption takes
    }

    [PythonFact]
    public async Task A_tool_that_swallows_the_interrupt_once_is_interrupted_again()
    {
        var clock = await CancelAsync("swallow_cancel_once");
        await probe.AssertReplacedAfterInterruption();
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, AtOnce);
    }

    [PythonFact]
    public async Task A_result_that_arrives_after_a_cancellation_is_discarded()
    {
        for (var given = 0; given < 5; given++)
        {
            await CancelAsync("swallow_and_return");
            Assert.Equal(given, await _pool.ExecuteAsync<int>("value", new { given }).InTime());
            await probe.AssertReplacedAfterInterruption();
        }
    }

    [PythonFact]
    public async Task A_cancelled_tool_may_finish_cleaning_up()
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        var cleaned = marker.At("cleaned");
        var call = _pool.ExecuteAsync("clean_up_slowly", new { marker = marker.Path, cleaned }, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());

        await probe.AssertReplacedAfterInterruption();

        Assert.Equal("cleaned up", await File.ReadAllTextAsync(cleaned));
    }

    [PythonFact]
    public async Task A_call_that_exceeds_its_time_limit_is_interrupted_and_the_error_names_the_limit()
    {
        var timeout = TimeSpan.FromMilliseconds(150);
        var clock = Stopwatch.StartNew();
        var late = await Assert.ThrowsAsync<CallTimeoutException>(
            () => _pool.ExecuteAsync("sleep_wait", options: new() { Timeout = timeout }).InTime());

        Assert.InRange(clock.Elapsed, timeout - TimeSpan.FromMilliseconds(20), timeout + AtOnce);
        Assert.Equal(("sleep_wait", timeout), (late.Tool, late.Timeout));
        Assert.True(late.IsTransient);
        Assert.Contains("0.15 s", late.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(SnakepitOptions.CallTimeout), late.Message, StringComparison.Ordinal);
        await probe.AssertReplacedAfterInterruption();
    }

    [PythonFact]
    public async Task The_time_limit_of_the_pool_applies_to_every_call()
    {
        await using var pool = await SnakepitPool.StartAsync(
            Probe.Over<T>() with { Workers = 1, CallTimeout = TimeSpan.FromMilliseconds(100) }).InTime();
        await Assert.ThrowsAsync<CallTimeoutException>(() => pool.ExecuteAsync("sleep_wait").InTime());
        Assert.Equal(1, await pool.ExecuteAsync<int>("value", new { given = 1 }).InTime());
    }

    [PythonFact]
    public async Task A_call_with_an_already_cancelled_token_does_not_start()
    {
        var before = _pool.GetStatistics();
        var cancelled = new CancellationToken(canceled: true);
        var one = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _pool.ExecuteAsync("hang", cancellationToken: cancelled).InTime());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _pool.StreamAsync<int>("count", new { upto = 1 }, cancellationToken: cancelled).ToListAsync().InTime());

        Assert.Equal(cancelled, one.CancellationToken);
        Assert.Equal(before.Calls.Cancelled + 2, _pool.GetStatistics().Calls.Cancelled);
        Assert.Equal(WorkerState.Idle, Assert.Single(_pool.GetStatistics().Workers).State);
    }

    [PythonFact]
    public async Task A_queued_call_that_is_cancelled_never_runs()
    {
        using var gate = new Marker();
        using var giveUp = new CancellationTokenSource();
        var running = _pool.ExecuteAsync("until", new { gate = gate.Path, marker = gate.At("running") });
        await gate.WrittenAsync("running");
        var queued = _pool.ExecuteAsync("hang", new { marker = gate.At("ran") }, cancellationToken: giveUp.Token);
        var arguments = new { closed = gate.At("closed") };
        var stream = _pool.StreamAsync<int>("generator_with_cleanup", arguments, cancellationToken: giveUp.Token).ToListAsync();
        await Eventually.True(() => _pool.GetStatistics().QueueLength == 2, "the call and the stream are queued");

        await giveUp.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued.InTime());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.InTime());
        Assert.Equal(giveUp.Token, cancelled.CancellationToken);
        Assert.Equal(0, _pool.GetStatistics().QueueLength);

        gate.Write();
        await running.InTime();
        await probe.AssertStillUsable();
        Assert.False(File.Exists(gate.At("ran")) || File.Exists(gate.At("closed")));
    }

    /// <summary>Calls the tool and cancels the call when the tool runs. Returns a clock that was started at the cancellation.</summary>
    private async Task<Stopwatch> CancelAsync(string tool)
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        var call = _pool.ExecuteAsync(tool, new { marker = marker.Path }, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();
        var clock = Stopwatch.StartNew();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        return clock;
    }
}

public sealed class CancellingOverGrpc(ProbePool<OverGrpc> probe) : Cancelling<OverGrpc>(probe);

public sealed class CancellingOverDirect(ProbePool<OverDirect> probe) : Cancelling<OverDirect>(probe);
