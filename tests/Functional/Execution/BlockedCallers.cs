using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>
/// Tests callers that block their thread right after they get an answer. The code after an await must not run on the thread that reads the
/// answers of the workers, because no other caller would get an answer while that thread is blocked.
/// </summary>
[Collection(Alone.Name)] // these tests block threads of the thread pool, which would slow other tests down
public abstract class BlockedCallers<T>
    where T : ITestTransport
{
    [PythonTheory]
    [InlineData("pid", "raise_os_error")]
    [InlineData("raise_os_error", "pid")]
    public async Task A_caller_that_blocks_its_thread_on_a_second_call_to_the_same_worker_is_answered(string first, string second)
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1 }).InTime();
        await Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await CallAsync(pool, first);
                Assert.True(CallAsync(pool, second).Wait(TimeSpan.FromSeconds(30)), $"call {i} was not answered");
            }
        }).InTime();
    }

    [PythonTheory]
    [InlineData(1)] // with one worker, one of the two callers always waits in the queue
    [InlineData(2)]
    public async Task Callers_that_block_their_threads_until_all_have_an_answer_are_all_answered(int workers)
    {
        const int Callers = 2;
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = workers }).InTime();
        using var together = new Barrier(Callers);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await pool.ExecuteAsync<int>("pid");
                Assert.True(together.SignalAndWait(TimeSpan.FromSeconds(30)), "a caller was not answered");
            }
        }))).InTime();
    }

    [PythonFact]
    public async Task Callers_that_fill_the_thread_pool_are_all_answered()
    {
        // .NET adds a thread for each caller that blocks one, but slowly: after the first ones, four in a second.
        var callers = 8 * Environment.ProcessorCount;
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>()).InTime();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(given =>
            Task.Run(() => Assert.Equal(given, pool.ExecuteAsync<int>("value", new { given }).GetAwaiter().GetResult())))).InTime();
    }

    [PythonFact]
    public async Task A_thread_pool_whose_threads_are_all_blocked_costs_no_worker()
    {
        var heartbeat = new HeartbeatOptions { Interval = TimeSpan.FromMilliseconds(100), MaxMissed = 2 };
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Heartbeat = heartbeat }).InTime();
        var workers = pool.ProcessIds();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() =>
        {
            using var never = new ManualResetEventSlim();
            never.Wait(TimeSpan.FromSeconds(1));
        }))).InTime();
        Assert.Equal(workers.Order(), pool.ProcessIds().Order());
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    private static async Task CallAsync(SnakepitPool pool, string tool)
    {
        try
        {
            await pool.ExecuteAsync(tool);
        }
        catch (PythonException)
        {
            // The test checks only that the call is answered, and an error is an answer.
        }
    }
}

public sealed class BlockedCallersOverGrpc : BlockedCallers<OverGrpc>;

public sealed class BlockedCallersOverDirect : BlockedCallers<OverDirect>;
