using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>
/// Tests async tools that change the event loop on which the worker runs them: its task factory, its exception handler, its debug mode. The
/// tools get what they have asked for, and the worker does not depend on it.
/// </summary>
public abstract class ChangedEventLoops<T> : IDisposable
    where T : ITestTransport
{
    private readonly Marker _marker = new();
    private readonly ProcessTrace _trace = new();
    private readonly RecordedLog _log = new();

    public void Dispose()
    {
        _trace.AssertNothingIsLeft();
        _marker.Dispose();
        _log.Dispose();
        GC.SuppressFinalize(this);
    }

    [PythonTheory]
    [InlineData(1, "tenant", "of somebody")]
    [InlineData(3, "tenant", "of somebody")]
    [InlineData(1, "old", "of two arguments")]
    [InlineData(3, "old", "of two arguments")]
    public async Task A_task_factory_that_a_tool_sets_makes_the_tasks_of_tools_and_not_those_of_calls(
        int capacity, string kind, string name)
    {
        await using var pool = await StartAsync(capacity);
        var worker = await pool.ExecuteAsync<int>("answer").InTime();
        Assert.Equal(name, await pool.ExecuteAsync<string>("set_factory", new { kind }).InTime());
        Assert.Equal(worker, await pool.ExecuteAsync<int>("answer").InTime());
        Assert.Equal([0, 1], await pool.StreamAsync<int>("numbers", new { count = 2 }).ToListAsync().InTime());
    }

    [PythonTheory]
    [InlineData(1, "is silent")]
    [InlineData(3, "is silent")]
    [InlineData(1, "ends")]
    [InlineData(3, "ends")]
    public async Task A_call_ends_whatever_exception_handler_and_debug_mode_a_tool_has_set(int capacity, string kind)
    {
        await using var pool = await StartAsync(capacity);
        var worker = await pool.ExecuteAsync<int>("answer").InTime();
        await pool.ExecuteAsync("set_debug").InTime();
        await pool.ExecuteAsync("set_handler", new { kind }).InTime();
        var failed = await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync("await_what_cannot_be_shown").InTime());
        Assert.Contains("has awaited what cannot be awaited", failed.PythonMessage, StringComparison.Ordinal);
        Assert.Equal(worker, await pool.ExecuteAsync<int>("answer").InTime());
    }

    [PythonTheory]
    [InlineData(1, WorkerStart.Fork, "ends")]
    [InlineData(3, WorkerStart.Fork, "ends")]
    [InlineData(1, WorkerStart.Spawn, "ends")]
    [InlineData(3, WorkerStart.Fork, "hangs")]
    [InlineData(1, WorkerStart.Fork, "blocks")]
    [InlineData(3, WorkerStart.Spawn, "blocks")]
    public async Task An_asynchronous_generator_in_use_is_closed_at_the_end_and_the_exit_handlers_run(
        int capacity, WorkerStart start, string how)
    {
        var pool = await StartAsync(capacity, start);
        await pool.ExecuteAsync("leave_open", new { life = _marker.Path, how }).InTime();
        await pool.DisposeAsync().InTime();
        Assert.Equal(how == "ends" ? "generator\nexit handler\n" : "exit handler\n", await File.ReadAllTextAsync(_marker.Path));
        Assert.DoesNotContain(_log.Records, record => record.Message.Contains("SIGKILL", StringComparison.Ordinal));
    }

    private Task<SnakepitPool> StartAsync(int capacity, WorkerStart start = WorkerStart.Fork) => SnakepitPool.StartAsync(
        _trace.Tag(Probe.Over<T>() with
        {
            Adapter = "changes_its_loop",
            Workers = 1,
            WorkerStart = start,
            MaxConcurrentCallsPerWorker = capacity,
            DrainTimeout = TimeSpan.FromSeconds(3), // a generator that blocks the loop is interrupted after it
            TerminateTimeout = TimeSpan.FromSeconds(8),
            LoggerFactory = _log,
        })).InTime();
}

public sealed class ChangedEventLoopsOverGrpc : ChangedEventLoops<OverGrpc>;

public sealed class ChangedEventLoopsOverDirect : ChangedEventLoops<OverDirect>;
