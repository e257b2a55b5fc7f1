using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests child processes that have left the process group of their worker by starting an operating system session of their own. They do not
/// get the signals that the pool sends to the process group. They must still end with the worker, even if no template process exists that
/// could end them.
/// </summary>
public sealed class DetachedChildren
{
    private static readonly SnakepitOptions Options = Probe.Options with { Transport = WorkerTransport.Direct };

    [PythonTheory]
    [InlineData("spawn_session")]
    [InlineData("fork_session")]
    public async Task A_child_process_in_its_own_session_ends_with_a_spawned_worker_and_with_its_pool(string tool)
    {
        var trace = new ProcessTrace();
        var options = Options with { WorkerStart = WorkerStart.Spawn, Workers = 1 };
        await using var pool = await SnakepitPool.StartAsync(trace.Tag(options)).InTime();
        var child = await pool.ExecuteAsync<int>(tool).InTime();

        OsProcess.Kill(pool.ProcessIds()[0]);

        await OsProcess.Gone(child);
        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the worker was lost and counted as a restart");
        await pool.WaitForIdleWorkers(1);
        Assert.Single(trace.Alive());

        await pool.ExecuteAsync<int>(tool).InTime();
        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task Child_processes_in_their_own_sessions_end_when_the_template_is_killed()
    {
        var trace = new ProcessTrace();
        await using var pool = await SnakepitPool.StartAsync(trace.Tag(Options)).InTime();
        var program = await pool.ExecuteAsync<int>("spawn_session").InTime();
        var fork = await pool.ExecuteAsync<int>("fork_session").InTime();

        OsProcess.Kill(pool.TemplateId());

        await OsProcess.Gone(program);
        await OsProcess.Gone(fork);
        await Eventually.True(() => pool.GetStatistics().Restarts == 2, "both workers were lost and counted as restarts");
        await pool.WaitForIdleWorkers(2);
        Assert.Equal(3, trace.Alive().Length);
        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonTheory]
    [InlineData("probe_adapter")]
    [InlineData("prepare_leaves_thread")] // the pool spawns these workers, because a process with several threads cannot be forked safely
    public async Task A_child_process_in_its_own_session_ends_with_its_pool_while_the_template_goes_on(string adapter)
    {
        var trace = new ProcessTrace();
        await using var template = await SnakepitTemplate.StartAsync(trace.Tag(Options with { Adapter = adapter })).InTime();
        var pool = await template.StartPoolAsync(1).InTime();
        var child = await pool.ExecuteAsync<int>("spawn_session").InTime();
        await pool.DisposeAsync().InTime();
        if (adapter == "prepare_leaves_thread")
        {
            Assert.False(OsProcess.IsAlive(child)); // disposing the pool has waited until the child ended
        }

        await OsProcess.Gone(child);
        await template.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
    }
}
