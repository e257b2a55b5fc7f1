using System.Diagnostics;
using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests that a pool that is disposed lets running calls end, refuses other calls, and ends its processes within the configured timeouts.
/// </summary>
public abstract class Stopping<T>
    where T : ITestTransport
{
    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task An_idle_pool_stops_quickly_without_warnings_and_leaves_nothing_behind(WorkerStart start)
    {
        using var log = new RecordedLog();
        var trace = new ProcessTrace();
        var pool = await SnakepitPool.StartAsync(
            trace.Tag(Probe.Over<T>() with
            {
                Workers = 4,
                WorkerStart = start,
                LoggerFactory = log,
                TerminateTimeout = TimeSpan.FromMinutes(1),
            })).InTime();
        var directory = pool.SocketDirectory();
        Assert.True(Directory.Exists(directory));

        var clock = Stopwatch.StartNew();
        await pool.DisposeAsync().InTime();

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4)); // a stop takes about 100 ms on a quiet machine
        trace.AssertNothingIsLeft();
        Assert.False(Directory.Exists(directory));
        Assert.Empty(pool.GetStatistics().Workers);
        Assert.DoesNotContain(log.Records, record => record.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [PythonFact]
    public async Task Disposing_a_pool_again_changes_nothing()
    {
        using var log = new RecordedLog();
        var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1, LoggerFactory = log }).InTime();
        await Task.WhenAll(pool.DisposeAsync().AsTask(), pool.DisposeAsync().AsTask()).InTime();
        await pool.DisposeAsync().InTime();
        Assert.Equal(0, pool.GetStatistics().Restarts);
        Assert.DoesNotContain(log.Records, record => record.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [PythonFact]
    public async Task A_stop_waits_for_running_calls_until_its_token_is_cancelled()
    {
        using var marker = new Marker();
        using var enough = new CancellationTokenSource();
        var trace = new ProcessTrace();
        var pool = await SnakepitPool.StartAsync(
            trace.Tag(Probe.Over<T>() with { Workers = 2, DrainTimeout = TimeSpan.FromMinutes(10) })).InTime();
        var running = pool.ExecuteAsync("hang", new { marker = marker.Path });
        await marker.WrittenAsync();

        var stopping = pool.StopAsync(enough.Token);
        await Eventually.True(() => pool.GetStatistics().Workers.Length == 1, "the idle worker has ended");
        Assert.False(stopping.IsCompleted);
        await enough.CancelAsync();
        await stopping.InTime();
        trace.AssertNothingIsLeft();
        await Assert.ThrowsAnyAsync<SnakepitException>(() => running.InTime());
        await pool.StopAsync(CancellationToken.None).InTime(); // as often as you like
    }

    [PythonFact]
    public async Task A_disposed_pool_refuses_every_call()
    {
        var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1 }).InTime();
        await pool.DisposeAsync().InTime();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pool.ExecuteAsync("pid").InTime());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pool.StreamAsync<int>("count", new { upto = 1 }).ToListAsync().InTime());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pool.ListToolsAsync().InTime());
        Assert.Equal(new CallStatistics(2, 0, 0, 0, 0, 2, 0), pool.GetStatistics().Calls);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_stopping_pool_lets_running_calls_end_and_refuses_queued_ones(WorkerStart start)
    {
        using var gate = new Marker();
        var trace = new ProcessTrace();
        var pool = await SnakepitPool.StartAsync(
            trace.Tag(Probe.Over<T>() with { Workers = 1, WorkerStart = start, DrainTimeout = TimeSpan.FromMinutes(1) })).InTime();
        var running = pool.ExecuteAsync<string>("until", new { gate = gate.Path, marker = gate.At("running") });
        await gate.WrittenAsync("running");
        var waiting = pool.ExecuteAsync("pid");

        var disposal = pool.DisposeAsync().AsTask();
        var refused = await Assert.ThrowsAsync<PoolStoppedException>(() => waiting.InTime());
        Assert.Contains("waiting for a worker", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pool.ExecuteAsync("pid").InTime());
        Assert.False(disposal.IsCompleted);
        gate.Write();

        Assert.Equal("opened", await running.InTime());
        await disposal.InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_stopping_pool_lets_a_stream_be_read_to_its_end()
    {
        var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1, DrainTimeout = TimeSpan.FromMinutes(1) }).InTime();
        await using var chunks = pool.StreamAsync<int>("count", new { upto = 100 }).GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync().AsTask().InTime());
        var disposal = pool.DisposeAsync().AsTask();
        for (var chunk = 1; chunk < 100; chunk++)
        {
            Assert.True(await chunks.MoveNextAsync().AsTask().InTime());
            Assert.Equal(chunk, chunks.Current);
        }

        Assert.False(await chunks.MoveNextAsync().AsTask().InTime());
        await disposal.InTime();
    }

    [PythonFact]
    public async Task Disposing_the_pool_while_reading_its_stream_ends_the_stream_with_a_typed_error()
    {
        var trace = new ProcessTrace();
        var options = Probe.Over<T>() with { Workers = 1, StreamBuffer = 2, DrainTimeout = TimeSpan.FromMilliseconds(200) };
        var pool = await SnakepitPool.StartAsync(trace.Tag(options)).InTime();
        var seen = 0;
        await Assert.ThrowsAsync<PoolStoppedException>(async () =>
        {
            await foreach (var chunk in pool.StreamAsync<int>("count", new { upto = 1_000 }))
            {
                Assert.Equal(seen++, chunk);
                await pool.DisposeAsync().InTime();
            }
        });
        Assert.InRange(seen, 1, 3); // the stream still delivers chunks that arrived before the stop
        trace.AssertNothingIsLeft();
    }

    [PythonTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancelled_call_that_does_not_end_holds_the_stop_for_no_longer_than_the_cancel_grace(bool beforeTheStop)
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        var trace = new ProcessTrace();
        var grace = TimeSpan.FromMilliseconds(500);
        var options = Probe.Over<T>() with { CancelGrace = grace, DrainTimeout = TimeSpan.FromMinutes(1) };
        var pool = await SnakepitPool.StartAsync(trace.Tag(options)).InTime();
        var stuck = pool.ExecuteAsync("swallow_forever", new { marker = marker.Path }, cancellationToken: giveUp.Token);
        var other = pool.ExecuteAsync<string>("until", new { gate = marker.At("gate"), marker = marker.At("other") });
        await marker.WrittenAsync();
        await marker.WrittenAsync("other");
        if (beforeTheStop)
        {
            await giveUp.CancelAsync();
        }

        var disposal = pool.DisposeAsync().AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stuck.InTime());
        await Eventually.True(() => pool.GetStatistics().Workers.Length == 1, "the worker with the stuck call is killed");
        await File.WriteAllTextAsync(marker.At("gate"), "");

        Assert.Equal("opened", await other.InTime());
        await disposal.InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonTheory]
    [InlineData("ignore_sigterm", WorkerStart.Fork)]
    [InlineData("ignore_sigterm", WorkerStart.Spawn)]
    [InlineData("uninterruptible", WorkerStart.Fork)]
    [InlineData("hang", WorkerStart.Spawn)]
    [InlineData("spawn_child_and_hang", WorkerStart.Fork)]
    [InlineData("spawn_child_and_hang", WorkerStart.Spawn)]
    public async Task A_tool_that_never_ends_is_ended_within_the_configured_timeouts(string tool, WorkerStart start)
    {
        using var marker = new Marker();
        var trace = new ProcessTrace();
        var patience = TimeSpan.FromMilliseconds(200);
        var options = Probe.Over<T>() with { Workers = 1, WorkerStart = start, DrainTimeout = patience, TerminateTimeout = patience };
        var pool = await SnakepitPool.StartAsync(trace.Tag(options)).InTime();
        var call = pool.ExecuteAsync(tool, new { marker = marker.Path });
        await marker.WrittenAsync();

        var clock = Stopwatch.StartNew();
        await pool.DisposeAsync().InTime();

        // On a quiet machine, the stop takes the two timeouts and a few milliseconds. Four more seconds allow for a loaded machine.
        Assert.InRange(clock.Elapsed, patience, 2 * patience + TimeSpan.FromSeconds(4));
        var stopped = await Assert.ThrowsAsync<PoolStoppedException>(() => call.InTime());
        Assert.Contains($"'{tool}' was running", stopped.Message, StringComparison.Ordinal);
        // The call counts as failed and not as rejected, because the tool has run and may have had effects.
        Assert.Equal(new CallStatistics(1, 0, Failed: 1, 0, 0, Rejected: 0, 0), pool.GetStatistics().Calls);
        trace.AssertNothingIsLeft();
    }

    [PythonTheory]
    [InlineData("hang", WorkerStart.Fork)]
    [InlineData("uninterruptible", WorkerStart.Fork)]
    [InlineData("hang", WorkerStart.Spawn)]
    public async Task A_tool_that_does_not_end_by_itself_gets_sigterm_long_before_it_would_be_killed(string tool, WorkerStart start)
    {
        using var marker = new Marker();
        using var log = new RecordedLog();
        var trace = new ProcessTrace();
        var options = Probe.Over<T>() with
        {
            Workers = 1,
            WorkerStart = start,
            DrainTimeout = TimeSpan.FromMilliseconds(200),
            TerminateTimeout = 3 * Eventually.Patience,
            LoggerFactory = log,
        };
        var pool = await SnakepitPool.StartAsync(trace.Tag(options)).InTime();
        var call = pool.ExecuteAsync(tool, new { marker = marker.Path });
        await marker.WrittenAsync();

        await pool.DisposeAsync().InTime();

        await Assert.ThrowsAsync<PoolStoppedException>(() => call.InTime());
        trace.AssertNothingIsLeft();
        var warnings = log.Records.Where(record => record.Level >= Microsoft.Extensions.Logging.LogLevel.Warning).ToArray();
        Assert.Contains("It is sent SIGTERM", warnings[0].Message, StringComparison.Ordinal);
        // A worker whose native code cannot be interrupted does not answer that it expects SIGTERM, and gets SIGKILL soon afterwards.
        Assert.Equal(tool == "uninterruptible" ? 2 : 1, warnings.Length);
    }

    [PythonFact]
    public async Task A_pool_whose_socket_directory_was_removed_still_stops()
    {
        var trace = new ProcessTrace();
        var pool = await SnakepitPool.StartAsync(trace.Tag(Probe.Over<T>() with { Workers = 1 })).InTime();
        Directory.Delete(pool.SocketDirectory(), recursive: true);
        Assert.Equal(1, await pool.ExecuteAsync<int>("value", new { given = 1 }).InTime()); // open connections do not need the socket files
        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_pool_that_stops_under_load_ends_every_call_with_a_result_or_a_typed_error()
    {
        var trace = new ProcessTrace();
        using var log = new RecordedLog();
        var pool = await SnakepitPool.StartAsync(trace.Tag(Probe.Over<T>() with { LoggerFactory = log })).InTime();
        var outcomes = Enumerable.Range(0, 100).Select(async _ =>
        {
            try
            {
                await pool.ExecuteAsync("slow_call", new { ms = 5 }).InTime();
                return "succeeded";
            }
            catch (PoolStoppedException)
            {
                return "stopped";
            }
        }).ToArray();
        await Task.WhenAny(outcomes).InTime();

        await pool.DisposeAsync().InTime();

        var ended = await Task.WhenAll(outcomes).InTime();
        Assert.Contains("succeeded", ended);
        Assert.Contains("stopped", ended);
        Assert.DoesNotContain(log.Records, record => record.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
        Assert.Equal(0, pool.GetStatistics().Calls.InFlight);
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_worker_that_crashes_while_the_pool_stops_does_not_delay_the_stop()
    {
        using var marker = new Marker();
        var trace = new ProcessTrace();
        var pool = await SnakepitPool.StartAsync(trace.Tag(Probe.Over<T>() with { DrainTimeout = TimeSpan.FromMinutes(1) })).InTime();
        var call = pool.ExecuteAsync("hang", new { marker = marker.Path });
        await marker.WrittenAsync();
        var worker = pool.GetStatistics().Workers.Single(one => one.State == WorkerState.Busy).ProcessId;
        var disposal = pool.DisposeAsync().AsTask();
        OsProcess.Kill(worker);
        await disposal.InTime();
        await Assert.ThrowsAnyAsync<SnakepitException>(() => call.InTime());
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_pool_with_a_worker_that_is_still_starting_stops_at_once_without_warnings()
    {
        using var marker = new Marker();
        using var log = new RecordedLog();
        var trace = new ProcessTrace();
        var options = Probe.Over<T>() with
        {
            Adapter = "first_starts_at_once",
            MinimumReadyWorkers = 1,
            LoggerFactory = log,
            EnvironmentVariables = new Dictionary<string, string> { ["PROBE_DIRECTORY"] = Path.GetDirectoryName(marker.Path)! },
        };
        var pool = await SnakepitPool.StartAsync(trace.Tag(options)).InTime();
        var clock = Stopwatch.StartNew();
        await pool.DisposeAsync().InTime();
        // The pool does not wait for a worker that never finishes starting.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        trace.AssertNothingIsLeft();
        Assert.DoesNotContain(log.Records, record => record.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [PythonFact]
    public async Task A_pool_whose_template_is_suspended_still_stops()
    {
        using var marker = new Marker();
        var trace = new ProcessTrace();
        var patience = TimeSpan.FromMilliseconds(200);
        var options = Probe.Over<T>() with { DrainTimeout = patience, TerminateTimeout = patience };
        var pool = await SnakepitPool.StartAsync(trace.Tag(options)).InTime();
        var call = pool.ExecuteAsync("hang", new { marker = marker.Path });
        await marker.WrittenAsync();
        Signals.Send(pool.TemplateId(), OsProcess.SigStop);

        await pool.DisposeAsync().InTime();

        await Assert.ThrowsAsync<PoolStoppedException>(() => call.InTime());
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_pool_stops_cleanly_at_any_moment_of_the_replacement_of_a_worker()
    {
        var random = new Random(7);
        var trace = new ProcessTrace();
        await using var template = await SnakepitTemplate.StartAsync(trace.Tag(Probe.Over<T>())).InTime();
        for (var round = 0; round < 40; round++)
        {
            var pool = await template.StartPoolAsync(1).InTime();
            var worker = pool.ProcessIds()[0];
            OsProcess.Kill(worker);
            // A replacement takes some milliseconds. The random delays make the pool stop in different phases of the replacement.
            await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 25));
            await pool.DisposeAsync().InTime();
            Assert.Equal([template.ProcessId], trace.Alive());
        }
    }
}

public sealed class StoppingOverGrpc : Stopping<OverGrpc>;

public sealed class StoppingOverDirect : Stopping<OverDirect>;
