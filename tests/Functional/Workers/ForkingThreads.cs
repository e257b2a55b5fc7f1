using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests processes that are forked on threads which C code has started. Their code returns to C code and not to the worker's, and yet they
/// must end.
/// </summary>
public abstract class ForkingThreads<T>
    where T : ITestTransport
{
    [PythonTheory]
    [InlineData("_thread", WorkerStart.Fork)]
    [InlineData("_thread", WorkerStart.Spawn)]
    [InlineData("libc", WorkerStart.Fork)]
    [InlineData("libc", WorkerStart.Spawn)]
    public async Task A_process_that_is_forked_on_a_thread_of_c_code_ends_with_the_code_of_the_thread(string thread, WorkerStart start)
    {
        using var log = new RecordedLog();
        await using var pool = await StartAsync(start, log);
        var worker = await pool.ExecuteAsync<int>("pid").InTime();
        foreach (var raises in new[] { false, true })
        {
            foreach (var isKnown in new[] { false, true })
            {
                Assert.Equal(0, await pool.ExecuteAsync<int>("fork_on", new { thread, raises, isKnown }).InTime());
            }
        }

        await log.WaitForLineAsync("has returned to the worker's code and ends with exit code 0");
        await log.WaitForLineAsync("LookupError: raised in the forked process");
        Assert.Equal(worker, await pool.ExecuteAsync<int>("pid").InTime());
    }

    [PythonFact]
    public async Task A_process_that_is_forked_on_a_thread_of_c_code_may_fork_and_goes_on_until_its_code_returns()
    {
        using var log = new RecordedLog();
        await using var pool = await StartAsync(WorkerStart.Fork, log);
        Assert.Equal("parent child ".Length, await pool.ExecuteAsync<int>("fork_twice").InTime());
    }

    private static Task<SnakepitPool> StartAsync(WorkerStart start, RecordedLog log) => SnakepitPool.StartAsync(Probe.Over<T>() with
    {
        Adapter = "forks_on_threads_of_c",
        Workers = 1,
        WorkerStart = start,
        LoggerFactory = log,
    }).InTime();
}

public sealed class ForkingThreadsOverGrpc : ForkingThreads<OverGrpc>;

public sealed class ForkingThreadsOverDirect : ForkingThreads<OverDirect>;
