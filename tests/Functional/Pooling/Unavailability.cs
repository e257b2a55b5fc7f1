using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Pooling;

/// <summary>Tests pools whose workers can no longer be started or keep dying.</summary>
public sealed class Unavailability
{
    [PythonFact]
    public async Task A_pool_whose_workers_cannot_start_refuses_calls_at_once_with_the_reason_until_it_recovers()
    {
        using var flag = new Marker();
        flag.Write();
        var options = Probe.Options with
        {
            Adapter = "starts_while_flag",
            Workers = 1,
            EnvironmentVariables = new Dictionary<string, string> { ["FLAG"] = flag.Path },
            QueueTimeout = TimeSpan.FromMinutes(1),
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        File.Delete(flag.Path);
        OsProcess.Kill(pool.ProcessIds()[0]);
        await Eventually.True(() => pool.GetStatistics().Count(WorkerState.Idle) == 0, "no worker is idle any more");

        var waiting = pool.ExecuteAsync("ping");
        var refused = await Assert.ThrowsAsync<PoolUnavailableException>(() => waiting.InTime());
        Assert.Contains("the flag is down", refused.Message, StringComparison.Ordinal);
        Assert.IsType<AdapterException>(refused.InnerException);
        await Assert.ThrowsAsync<PoolUnavailableException>(() => pool.ExecuteAsync("ping").InTime());
        Assert.Equal((PoolHealth.Unavailable, 2), (pool.GetStatistics().Health, pool.GetStatistics().Calls.Rejected));

        flag.Write();
        await pool.WaitForIdleWorkers(1);
        await pool.ExecuteAsync("ping").InTime();
        Assert.Equal(PoolHealth.Healthy, pool.GetStatistics().Health);
    }

    [PythonFact]
    public async Task A_pool_whose_workers_keep_dying_early_is_degraded_and_slows_its_restarts_down()
    {
        using var flag = new Marker();
        var options = Probe.Options with
        {
            Adapter = "dies_while_flag",
            Workers = 2,
            EnvironmentVariables = new Dictionary<string, string> { ["FLAG"] = flag.Path },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        flag.Write();
        await Eventually.True(() => pool.GetStatistics().Health != PoolHealth.Healthy, "the pool is degraded");
        var before = pool.GetStatistics().Restarts;
        await Task.Delay(1000); // if the delays between restarts did not grow, there would be far more than 20 restarts in this second
        Assert.InRange(pool.GetStatistics().Restarts - before, 0, 20);

        File.Delete(flag.Path);
        await pool.WaitForIdleWorkers(2);
        await pool.ExecuteAsync("ping").InTime();
    }

    [PythonFact]
    public async Task A_pool_whose_template_was_disposed_refuses_calls_at_once_with_the_reason()
    {
        var options = Probe.Options with { Workers = 1, QueueTimeout = TimeSpan.FromMinutes(1) };
        var template = await SnakepitTemplate.StartAsync(options).InTime();
        await using var pool = await template.StartPoolAsync().InTime();
        await template.DisposeAsync().InTime();
        await Eventually.True(() => pool.GetStatistics().Count(WorkerState.Idle) == 0, "no worker is idle any more");
        var refused = await Assert.ThrowsAsync<PoolUnavailableException>(() => pool.ExecuteAsync("pid").InTime());
        Assert.IsType<TemplateDisposedException>(refused.InnerException);
    }
}
