using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>What a tool starts outside of its worker's process group ends with the worker all the same, where no template is there to see to it.</summary>
public sealed class LeftBehind
{
    private static readonly SnakepitOptions Options = Probe.Options with { Transport = WorkerTransport.Direct };

    [PythonTheory]
    [InlineData("spawn_session")]
    [InlineData("fork_session")]
    public async Task A_child_in_a_session_of_its_own_ends_with_a_spawned_worker_and_with_its_pool(string tool)
    {
        var trace = new ProcessTrace();
        await using var pool = await SnakepitPool.StartAsync(trace.On(Options with { WorkerStart = WorkerStart.Spawn, Workers = 1 })).InTime();
        var child = await pool.ExecuteAsync<int>(tool).InTime();

        OsProcess.Kill(pool.ProcessIds()[0]);

        await OsProcess.Gone(child);
        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the loss is noticed");
        await pool.IsAtFullStrength(1);
        Assert.Single(trace.Alive());

        await pool.ExecuteAsync<int>(tool).InTime();
        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task Children_in_sessions_of_their_own_end_with_a_template_that_is_killed()
    {
        var trace = new ProcessTrace();
        await using var pool = await SnakepitPool.StartAsync(trace.On(Options)).InTime();
        var (program, fork) = (await pool.ExecuteAsync<int>("spawn_session").InTime(), await pool.ExecuteAsync<int>("fork_session").InTime());

        OsProcess.Kill(pool.TemplateId());

        await OsProcess.Gone(program);
        await OsProcess.Gone(fork);
        await Eventually.True(() => pool.GetStatistics().Restarts == 2, "the losses are noticed");
        await pool.IsAtFullStrength(2);
        Assert.Equal(3, trace.Alive().Length);
        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonTheory]
    [InlineData("probe_adapter")]
    [InlineData("prepare_leaves_thread")] // which is spawned
    public async Task A_program_in_a_session_of_its_own_ends_with_its_pool_although_the_template_lives_on(string adapter)
    {
        var trace = new ProcessTrace();
        await using var template = await SnakepitTemplate.StartAsync(trace.On(Options with { Adapter = adapter })).InTime();
        var pool = await template.StartPoolAsync(1).InTime();
        var child = await pool.ExecuteAsync<int>("spawn_session").InTime();
        await pool.DisposeAsync().InTime();
        if (adapter == "prepare_leaves_thread")
        {
            Assert.False(OsProcess.IsAlive(child)); // the pool has waited for that
        }

        await OsProcess.Gone(child);
        await template.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
    }
}
