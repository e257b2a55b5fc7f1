using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>
/// Tests callers that block the one thread to which their own code after an await must return, for example by <c>.Result</c> in a window's
/// event handler. The library must never need this thread.
/// </summary>
public abstract class CallersOfOneThread<T>
    where T : ITestTransport
{
    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_blocking_caller_on_a_one_thread_context_is_served_and_nothing_is_posted_to_the_context(WorkerStart start) =>
        Assert.Equal(0, await CallerThread.WithContextAsync(() => UsePool(SnakepitPool.StartAsync(Options(start)))));

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_blocking_caller_on_a_scheduler_of_one_thread_is_served_and_no_task_is_queued_to_the_scheduler(WorkerStart start) =>
        Assert.Equal(0, await CallerThread.WithSchedulerAsync(() => UsePool(SnakepitPool.StartAsync(Options(start)))));

    [PythonFact]
    public async Task A_template_can_be_started_used_and_disposed_by_a_blocking_caller_on_a_one_thread_context() =>
        Assert.Equal(0, await CallerThread.WithContextAsync(() =>
        {
            var template = Wait(SnakepitTemplate.StartAsync(Options(WorkerStart.Fork)));
            UsePool(template.StartPoolAsync(workers: 1));
            Wait(template.DisposeAsync());
        }));

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_start_that_fails_or_is_cancelled_ends_for_a_blocking_caller_on_a_one_thread_context(WorkerStart start) =>
        Assert.Equal(0, await CallerThread.WithContextAsync(() =>
        {
            var broken = Options(start) with { Adapter = "not_there.at_all" };
            Assert.Throws<AdapterException>(() => Wait(SnakepitPool.StartAsync(broken)));
            using var cancelled = new CancellationTokenSource();
            var starting = SnakepitPool.StartAsync(Options(start) with { Adapter = "prepare_hangs" }, cancelled.Token);
            cancelled.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => Wait(starting));
        }));

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_crash_is_noticed_and_the_worker_replaced_while_the_thread_that_started_the_pool_is_blocked(WorkerStart start)
    {
        using var replaced = new ManualResetEventSlim();
        var started = new TaskCompletionSource<SnakepitPool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var caller = CallerThread.WithContextAsync(() =>
        {
            var pool = Wait(SnakepitPool.StartAsync(Options(start)));
            started.SetResult(pool);
            replaced.Wait(Eventually.Patience);
            Wait(pool.DisposeAsync());
        });
        var pool = await started.Task.InTime();
        var killed = Assert.Single(pool.ProcessIds());
        OsProcess.Kill(killed);
        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the crash is noticed");
        await pool.WaitForIdleWorkers(1);
        Assert.NotEqual(killed, Assert.Single(pool.ProcessIds()));
        replaced.Set();
        Assert.Equal(0, await caller);
    }

    private static SnakepitOptions Options(WorkerStart start) => Probe.Over<T>() with { Workers = 1, WorkerStart = start };

    private static void UsePool(Task<SnakepitPool> starting)
    {
        var pool = Wait(starting);
        Assert.Equal("grüße", Wait(pool.ExecuteAsync<string>("value", new { given = "grüße" })));
        Assert.Throws<PythonException>(() => Wait(pool.ExecuteAsync("raise_os_error")));
        Assert.NotEmpty(Wait(pool.ListToolsAsync()));

        // Two calls at once on one worker: the second one waits in the queue.
        var (first, second) = (pool.ExecuteAsync<int>("value", new { given = 1 }), pool.ExecuteAsync<int>("value", new { given = 2 }));
        Assert.Equal([1, 2], Wait(Task.WhenAll(first, second)));

        Assert.Equal([0, 1, 2], Read(pool.StreamAsync<int>("count", new { upto = 3 }), atMost: 10));
        Assert.Equal([0, 1], Read(pool.StreamAsync<int>("count", new { upto = 1000 }), atMost: 2)); // leaves the stream early
        var session = pool.OpenSession("a");
        Assert.Equal([0, 1, 2], Read(session.StreamAsync<int>("count", new { upto = 3 }), atMost: 10));
        Assert.Equal(7, Wait(session.ExecuteAsync<int>("value", new { given = 7 })));
        Wait(session.DisposeAsync());

        Assert.Throws<CallTimeoutException>(() => Wait(pool.ExecuteAsync(
            "sleep_wait", options: new CallOptions { Timeout = TimeSpan.FromMilliseconds(50) })));
        using var cancelled = new CancellationTokenSource();
        var call = pool.ExecuteAsync("sleep_wait", cancellationToken: cancelled.Token);
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Wait(call));
        Wait(pool.DisposeAsync());
    }

    private static List<int> Read(IAsyncEnumerable<int> stream, int atMost)
    {
        var (chunks, all) = (stream.GetAsyncEnumerator(), new List<int>());
        while (all.Count < atMost && Wait(chunks.MoveNextAsync().AsTask()))
        {
            all.Add(chunks.Current);
        }

        Wait(chunks.DisposeAsync());
        return all;
    }

    private static R Wait<R>(Task<R> task) => task.GetAwaiter().GetResult();

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}

public sealed class CallersOfOneThreadOverGrpc : CallersOfOneThread<OverGrpc>;

public sealed class CallersOfOneThreadOverDirect : CallersOfOneThread<OverDirect>;
