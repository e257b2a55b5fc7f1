using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Hosting;

/// <summary>Tests what the health checks of a pool say about pools in every state.</summary>
public sealed class PoolHealthChecks
{
    [PythonFact]
    public async Task A_pool_that_serves_is_ready_and_alive_and_its_data_tell_its_workers_and_queue()
    {
        var trace = new ProcessTrace();
        using var host = TestHost.Create(services => services
            .AddKeyedSnakepit("vision", TestHost.Probe(trace))
            .AddHealthChecks().AddSnakepit("vision"));
        await host.StartAsync().InTime();
        var report = await CheckAsync(host);
        Assert.Equal(["snakepit-vision-live", "snakepit-vision-ready"], report.Entries.Keys.Order(StringComparer.Ordinal));
        var ready = report.Entries["snakepit-vision-ready"];
        Assert.Equal(HealthStatus.Healthy, ready.Status);
        Assert.Equal(["ready"], ready.Tags);
        Assert.Equal(["live"], report.Entries["snakepit-vision-live"].Tags);
        Assert.Equal((2, 2, 0, 0, 1_000, 0L), (
            ready.Data["workers.limit"], ready.Data["workers.idle"], ready.Data["workers.busy"], ready.Data["queue.length"],
            ready.Data["queue.limit"], ready.Data["restarts"]));
        await host.StopAsync().InTime();

        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(host)).Entries["snakepit-vision-ready"].Status);
    }

    [PythonFact]
    public async Task A_busy_pool_is_ready_until_its_queue_is_full()
    {
        using var gate = new Marker();
        var trace = new ProcessTrace();
        using var host = TestHost.Create(services => services
            .AddSnakepit(settings =>
            {
                TestHost.Probe(trace)(settings);
                settings.QueueLimit = 1;
                settings.QueueTimeout = TimeSpan.FromMinutes(1);
            })
            .AddHealthChecks().AddSnakepit());
        await host.StartAsync().InTime();
        var pool = host.Services.GetRequiredService<SnakepitPool>();
        var calls = new List<Task> { Until(), Until() };
        await Eventually.True(() => pool.GetStatistics().Count(WorkerState.Busy) == 2, "both workers are busy");
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);

        calls.Add(Until());
        await Eventually.True(() => pool.GetStatistics().QueueLength == 1, "a caller waits");
        var full = await CheckAsync(host);
        Assert.Equal(HealthStatus.Unhealthy, full.Entries["snakepit-ready"].Status);
        Assert.Contains("1 callers wait", full.Entries["snakepit-ready"].Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, full.Entries["snakepit-live"].Status);

        gate.Write();
        await Task.WhenAll(calls).InTime();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
        await host.StopAsync().InTime();

        Task Until() => pool.ExecuteAsync("until", new { gate = gate.Path });
    }

    [PythonFact]
    public async Task A_pool_whose_idle_workers_do_not_answer_is_not_ready_but_alive()
    {
        var trace = new ProcessTrace();
        using var host = TestHost.Create(services => services
            .AddSnakepit(settings =>
            {
                TestHost.Probe(trace)(settings);
                settings.Heartbeat.Interval = TimeSpan.FromMinutes(10); // the pool itself does not find out meanwhile
                settings.CancelGrace = TimeSpan.FromMinutes(10);
            })
            .AddHealthChecks().AddSnakepit(configure: options => options.AnswerTimeout = TimeSpan.FromMilliseconds(200)));
        await host.StartAsync().InTime();
        var workers = host.Services.GetRequiredService<SnakepitPool>().GetStatistics().Workers;
        Assert.All(workers, worker => Snakepit.Processes.Signals.Send(worker.ProcessId, OsProcess.SigStop));
        var report = await CheckAsync(host);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["snakepit-ready"].Status);
        Assert.Equal("No worker answered within 0.2 s.", report.Entries["snakepit-ready"].Description);
        Assert.Equal(HealthStatus.Healthy, report.Entries["snakepit-live"].Status);
        Assert.All(workers, worker => Snakepit.Processes.Signals.Send(worker.ProcessId, OsProcess.SigCont));
        await host.StopAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_pool_that_has_lost_all_workers_and_can_start_none_is_neither_ready_nor_alive()
    {
        using var flag = new Marker();
        flag.Write();
        var trace = new ProcessTrace();
        using var host = TestHost.Create(services => services
            .AddSnakepit(TestHost.Probe(trace, "starts_while_flag", flag.Path))
            .AddHealthChecks().AddSnakepit());
        await host.StartAsync().InTime();
        File.Delete(flag.Path);
        var pool = host.Services.GetRequiredService<SnakepitPool>();
        Assert.All(pool.GetStatistics().Workers, worker => OsProcess.Kill(worker.ProcessId));
        await Eventually.True(() => pool.GetStatistics().Health == PoolHealth.Unavailable, "the pool is unavailable");
        var report = await CheckAsync(host);
        Assert.All(report.Entries.Values, entry => Assert.Equal(HealthStatus.Unhealthy, entry.Status));
        await host.StopAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    private static Task<HealthReport> CheckAsync(IHost host) =>
        host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().InTime();
}
