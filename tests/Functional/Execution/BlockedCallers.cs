using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>A caller may go on where its answer was read: what it does there must hold up nobody else. Alone, because it starves the thread pool.</summary>
[Collection(Alone.Name)]
public abstract class BlockedCallers<T>
    where T : IOver
{
    [PythonTheory]
    [InlineData("pid", "raise_os_error")]
    [InlineData("raise_os_error", "pid")]
    public async Task A_caller_that_blocks_its_thread_can_call_the_same_worker_meanwhile(string first, string second)
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1 }).InTime();
        await Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await EndedAsync(pool, first);
                Assert.True(EndedAsync(pool, second).Wait(TimeSpan.FromSeconds(30)), $"call {i} was not answered");
            }
        }).InTime();
    }

    [PythonTheory]
    [InlineData(1)] // one of them is always in the queue
    [InlineData(2)]
    public async Task Callers_that_wait_for_each_other_on_their_threads_are_all_answered(int workers)
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

    private static async Task EndedAsync(SnakepitPool pool, string tool)
    {
        try
        {
            await pool.ExecuteAsync(tool);
        }
        catch (PythonException)
        {
            // An end, too.
        }
    }
}

public sealed class BlockedCallersOverGrpc : BlockedCallers<OverGrpc>;

public sealed class BlockedCallersOverDirect : BlockedCallers<OverDirect>;
