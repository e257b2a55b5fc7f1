using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests tools that fork. The forked process must end when the tool's code returns in it, with the exit code and the traceback of a Python
/// program. It must not use the sockets of the worker, which goes on with the call.
/// </summary>
public abstract class Forking<T>
    where T : ITestTransport
{
    private const string Raised = "LookupError: raised in the forked process";

    [PythonTheory]
    [InlineData("os.fork", WorkerStart.Fork)]
    [InlineData("os.fork", WorkerStart.Spawn)]
    [InlineData("os.forkpty", WorkerStart.Fork)]
    [InlineData("pty.fork", WorkerStart.Fork)]
    [InlineData("libc.fork", WorkerStart.Fork)]
    [InlineData("libc.fork", WorkerStart.Spawn)]
    public async Task A_forked_process_that_returns_from_its_tool_ends_with_exit_code_0(string how, WorkerStart start)
    {
        await using var forks = await StartAsync(start);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(0, await forks.Pool.ExecuteAsync<int>("fork_and_return", new { how }).InTime());
        }

        await forks.Log.WaitForLineAsync("which the adapter has forked, has returned to the worker's code and ends with exit code 0");
    }

    [PythonTheory]
    [InlineData("return", 0, "exit code 0")]
    [InlineData("set", 0, "exit code 0")]
    [InlineData("sys.exit(3)", 3, "exit code 3")]
    [InlineData("sys.exit('a reason')", 1, "a reason")]
    [InlineData("raise", 1, Raised)]
    [InlineData("execvp", 1, "FileNotFoundError")]
    public async Task A_forked_process_ends_as_a_python_program_would_and_its_traceback_is_logged(string how, int exitCode, string logged)
    {
        string[] tools = ["fork_and_end", "fork_on_thread", "fork_on_pool_thread", "fork_in_to_thread", "fork_in_coroutine"];
        foreach (var capacity in (int[])[1, 3])
        {
            await using var forks = await StartAsync(WorkerStart.Fork, capacity);
            foreach (var (tool, count) in tools.Select((tool, i) => (tool, i + 1)))
            {
                Assert.Equal((tool, exitCode), (tool, await forks.Pool.ExecuteAsync<int>(tool, new { how }).InTime()));
                await Eventually.True(
                    () => forks.Log.Records.Count(record => record.Message.Contains(logged, StringComparison.Ordinal)) == count,
                    $"{tool} has logged '{logged}'");
            }
        }
    }

    [PythonTheory]
    [InlineData("fork_in_coroutine", "await", 1, "awaits on the event loop of the worker")]
    [InlineData("fork_in_callback", "return", 0, "exit code 0")]
    [InlineData("fork_in_callback", "raise", 1, Raised)]
    public async Task A_process_that_is_forked_on_the_event_loop_does_not_go_on_with_the_loop(
        string tool, string how, int exitCode, string logged)
    {
        await using var forks = await StartAsync(WorkerStart.Fork, capacity: 3);
        Assert.Equal(exitCode, await forks.Pool.ExecuteAsync<int>(tool, new { how }).InTime());
        await forks.Log.WaitForLineAsync(logged);
    }

    [PythonTheory]
    [InlineData("fork_between_chunks", "return", 0, 1)]
    [InlineData("fork_between_chunks", "raise", 1, 1)]
    [InlineData("fork_between_chunks", "raise", 1, 3)]
    [InlineData("fork_between_async_chunks", "return", 0, 1)]
    [InlineData("fork_between_async_chunks", "raise", 1, 3)]
    public async Task A_process_that_a_generator_forks_sends_no_chunk(string tool, string how, int exitCode, int capacity)
    {
        await using var forks = await StartAsync(WorkerStart.Fork, capacity);
        Assert.Equal([1, exitCode, 3], await forks.Pool.StreamAsync<int>(tool, new { how }).ToListAsync().InTime());
    }

    [PythonFact]
    public async Task A_process_that_is_forked_while_a_generator_is_closed_ends()
    {
        using var marker = new Marker();
        await using var forks = await StartAsync(WorkerStart.Fork);
        await foreach (var _ in forks.Pool.StreamAsync<int>("fork_while_closing", new { marker = marker.Path }))
        {
            break;
        }

        Assert.Equal("1", await marker.WrittenAsync());
        await forks.Log.WaitForLineAsync(Raised);
    }

    [PythonTheory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_process_that_is_forked_between_two_calls_ends(int capacity)
    {
        using var marker = new Marker();
        await using var forks = await StartAsync(WorkerStart.Fork, capacity);
        await using (var session = forks.Pool.OpenSession("one", AffinityMode.Wait))
        {
            await session.ExecuteAsync<int>("fork_in_session_end", new { marker = marker.Path }).InTime();
        }

        // A thread that runs tools keeps its last call, and so the session's state, until it gets the next call.
        await forks.Pool.ExecuteAsync("count").InTime();
        Assert.Equal("0", await marker.WrittenAsync());
    }

    [PythonFact]
    public async Task A_process_that_is_forked_while_a_message_is_made_ends()
    {
        await using var forks = await StartAsync(WorkerStart.Fork);
        var error = await Assert.ThrowsAsync<PythonException>(() => forks.Pool.ExecuteAsync("fork_in_message").InTime());
        Assert.Equal("the other process ended with 0", error.PythonMessage);
    }

    [PythonFact]
    public async Task Concurrent_calls_that_fork_disturb_no_other_call()
    {
        await using var forks = await StartAsync(WorkerStart.Fork, capacity: 4);
        var calls = Enumerable.Range(0, 40).Select(i => forks.Pool.ExecuteAsync<int>(
            i % 2 == 0 ? "fork_and_end" : "fork_in_coroutine", new { how = "sys.exit(3)" }));
        Assert.All(await Task.WhenAll(calls).InTime(), status => Assert.Equal(3, status));
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork, "")]
    [InlineData(WorkerStart.Spawn, "")]
    [InlineData(WorkerStart.Fork, "1")]
    [InlineData(WorkerStart.Spawn, "1")]
    public async Task A_process_that_is_forked_while_the_adapter_is_imported_prepared_started_or_stopped_ends(
        WorkerStart start, string hasAsyncTools)
    {
        using var log = new RecordedLog();
        var trace = new ProcessTrace();
        var options = Probe.Over<T>() with
        {
            Adapter = "forks_in_its_life",
            Workers = 1,
            WorkerStart = start,
            LoggerFactory = log,
            EnvironmentVariables = new Dictionary<string, string> { ["PROBE_ASYNC"] = hasAsyncTools },
        };
        var pool = await SnakepitPool.StartAsync(trace.Tag(options)).InTime();
        Assert.Equal(pool.ProcessIds()[0], await pool.ExecuteAsync<int>("pid").InTime());
        await pool.DisposeAsync().InTime();

        string[] expected =
        [
            "import: exit code 0", "prepare: exit code 0", "start: exit code 0", "stop: exit code 1", "last exit handler: exit code 0",
        ];
        foreach (var line in expected)
        {
            Assert.Single(log.Records, record => record.Message.Contains(line, StringComparison.Ordinal));
        }

        // Once in the worker, and once in the process that the last handler has forked, in which the other handler runs too.
        Assert.Equal(2, log.Records.Count(record => record.Message.Contains("exit handler: exit code 0", StringComparison.Ordinal)) - 1);
        Assert.DoesNotContain(log.Records, record => record.Message.Contains("Exception ignored", StringComparison.Ordinal));

        await log.WaitForLineAsync("LookupError: raised while it stops");
        trace.AssertNothingIsLeft();
    }

    [PythonTheory]
    [InlineData("return", 0, "exit code 0")]
    [InlineData("raise", 1, Raised)]
    [InlineData("sys.exit(3)", 3, "exit code 3")]
    public async Task A_process_that_is_forked_while_arguments_are_converted_does_not_run_the_tool_and_ends(
        string how, int exitCode, string logged)
    {
        foreach (var tool in (string[])["take_what_forks", "take_what_forks_async"])
        {
            await using var forks = await StartAsync(WorkerStart.Fork);
            using var marker = new Marker();
            Assert.Equal(exitCode, await forks.Pool.ExecuteAsync<int>(tool, new { it = new { how }, marker = marker.Path }).InTime());
            await forks.Log.WaitForLineAsync(logged);
            Assert.Equal("x", await File.ReadAllTextAsync(marker.Path));
        }
    }

    [PythonFact]
    public async Task A_process_that_is_forked_while_a_message_or_a_result_is_made_and_raises_ends_with_exit_code_1()
    {
        await using var forks = await StartAsync(WorkerStart.Fork);
        var error = await Assert.ThrowsAsync<PythonException>(() => forks.Pool.ExecuteAsync("fork_in_message_and_raise").InTime());
        Assert.Equal("the other process ended with 1", error.PythonMessage);
        await forks.Log.WaitForLineAsync(Raised);
        var result = await forks.Pool.ExecuteAsync<Dictionary<string, int>>("fork_in_result_and_raise").InTime();
        Assert.Equal(1, result["status"]);
        await forks.Log.WaitForLineAsync("LookupError: raised by items");
    }

    [PythonFact]
    public async Task A_signal_handler_that_forks_while_the_worker_waits_does_not_take_the_frame_that_it_waits_for()
    {
        using var marker = new Marker();
        var trace = new ProcessTrace();
        var slow = HostTool.Create<JsonElement, int>(async (_, _) =>
        {
            await marker.WrittenAsync();
            return 7;
        });
        var options = Probe.Over<T>() with
        {
            Adapter = "forks_in_its_life",
            Workers = 1,
            HostTools = new Dictionary<string, HostTool> { ["slow"] = slow },
        };
        var pool = await SnakepitPool.StartAsync(trace.Tag(options)).InTime();
        var answer = await pool.ExecuteAsync<int[]>("fork_while_host_is_called", new { marker = marker.Path }).InTime();
        Assert.Equal([1, 7], answer);
        Assert.Equal(pool.ProcessIds()[0], await pool.ExecuteAsync<int>("pid").InTime());
        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_forked_process_is_refused_when_it_calls_the_host()
    {
        await using var forks = await StartAsync(WorkerStart.Fork);
        var refusal = await forks.Pool.ExecuteAsync<string>("call_host_in_fork").InTime();
        Assert.Contains("ctx.host.call works only in the worker's own process", refusal, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task What_was_printed_before_a_fork_is_logged_once()
    {
        await using var forks = await StartAsync(WorkerStart.Fork);
        Assert.Equal(0, await forks.Pool.ExecuteAsync<int>("print_and_fork").InTime());
        await forks.Log.WaitForLineAsync("and the line ends");
        var text = string.Concat(forks.Log.Records.Select(record => record.Message));
        Assert.Single(text.Split("printed before").Skip(1));
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_worker_drains_and_ends_although_a_process_that_it_has_forked_lives_on(WorkerStart start)
    {
        using var marker = new Marker();
        await using var forks = await StartAsync(start);
        var child = await forks.Pool.ExecuteAsync<int>("fork_that_lives", new { marker = marker.Path }).InTime();
        Assert.Equal(1, await forks.Pool.ExecuteAsync<int>("count").InTime());

        OsProcess.Kill(forks.Pool.ProcessIds()[0]);

        await OsProcess.Gone(child);
        await Eventually.True(() => forks.Pool.GetStatistics().Restarts == 1, "the worker was replaced");
        forks.Restarts = 1;
        await forks.Pool.WaitForIdleWorkers(1);
        child = await forks.Pool.ExecuteAsync<int>("fork_that_lives", new { marker = marker.Path }).InTime();
        await forks.Pool.DisposeAsync().InTime();
        Assert.False(OsProcess.IsAlive(child));
        Assert.DoesNotContain(forks.Log.Records, record => record.Message.Contains("did not end within", StringComparison.Ordinal));
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Processes_of_the_module_multiprocessing_work_and_end_on_signals(WorkerStart start)
    {
        await using var forks = await StartAsync(start);
        var squares = await forks.Pool.ExecuteAsync<int[]>("square_in_processes", new { values = new[] { -1, -2, 3 } }).InTime();
        Assert.Equal([1, 2, 3], squares);
        Assert.Equal(-15, await forks.Pool.ExecuteAsync<int>("terminate_process", new { number = 15 }).InTime());
        Assert.Equal(-1, await forks.Pool.ExecuteAsync<int>("terminate_process", new { number = 1 }).InTime());
    }

    private static async Task<ForkingPool> StartAsync(WorkerStart start, int capacity = 1)
    {
        var (trace, log) = (new ProcessTrace(), new RecordedLog());
        var options = Probe.Over<T>() with
        {
            Adapter = "forking",
            Workers = 1,
            WorkerStart = start,
            MaxConcurrentCallsPerWorker = capacity,
            LoggerFactory = log,
        };
        return new ForkingPool(await SnakepitPool.StartAsync(trace.Tag(options)).InTime(), trace, log);
    }

    /// <summary>A pool of one worker, whose end checks that the worker has not been replaced and that no process is left.</summary>
    private sealed record ForkingPool(SnakepitPool Pool, ProcessTrace Trace, RecordedLog Log) : IAsyncDisposable
    {
        public long Restarts { get; set; }

        public async ValueTask DisposeAsync()
        {
            var statistics = Pool.GetStatistics();
            Assert.Equal(Restarts, statistics.Restarts);
            await Pool.DisposeAsync().InTime();
            Trace.AssertNothingIsLeft();
            Assert.Equal(0, statistics.Calls.InFlight);
            Assert.DoesNotContain(Log.Records, record => record.Message.Contains("broke the protocol", StringComparison.Ordinal));
            Log.Dispose();
        }
    }
}

public sealed class ForkingOverGrpc : Forking<OverGrpc>;

public sealed class ForkingOverDirect : Forking<OverDirect>;
