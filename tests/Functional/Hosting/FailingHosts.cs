using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Snakepit.Hosting;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Hosting;

/// <summary>Tests what becomes of an application whose pool cannot start, or has not started yet.</summary>
public sealed class FailingHosts
{
    [PythonFact]
    public async Task A_pool_that_cannot_start_fails_the_start_of_the_host_with_pythons_reason_and_leaves_no_process()
    {
        var (trace, log) = (new ProcessTrace(), new RecordedLog());
        using var host = TestHost.Create(
            services => services
                .AddSnakepit(TestHost.Probe(trace))
                .AddKeyedSnakepit("broken", TestHost.Probe(trace, "start_raises")),
            log: log);
        var failed = await Assert.ThrowsAsync<AdapterException>(() => host.StartAsync().InTime());
        Assert.Contains("the database is down", failed.Message, StringComparison.Ordinal);
        await log.WaitForLineAsync("The pool 'broken' could not start");
        trace.AssertNothingIsLeft(); // not even of the pool that could start
    }

    [PythonFact]
    public async Task An_optional_pool_that_cannot_start_lets_the_application_start_unready_and_is_tried_again()
    {
        using var flag = new Marker();
        var trace = new ProcessTrace();
        using var host = Flagged(trace, flag, PoolStartup.Optional);
        await host.StartAsync().InTime();

        var pool = host.Services.GetRequiredService<HostedPool>();
        Assert.Contains("the flag is down", pool.LastFailure!.Message, StringComparison.Ordinal);
        var early = Assert.Throws<PoolNotStartedException>(() => host.Services.GetRequiredService<SnakepitPool>());
        Assert.Contains("the flag is down", early.Message, StringComparison.Ordinal);
        Assert.Equal((HealthStatus.Unhealthy, HealthStatus.Degraded), await HealthAsync(host));

        flag.Write();
        Assert.Equal("pong", await (await pool.WaitAsync().InTime()).ExecuteAsync<string>("ping").InTime());
        Assert.Null(pool.LastFailure);
        Assert.Equal((HealthStatus.Healthy, HealthStatus.Healthy), await HealthAsync(host));
        await host.StopAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_pool_in_the_background_does_not_hold_the_start_of_the_application()
    {
        using var flag = new Marker();
        var trace = new ProcessTrace();
        using var host = Flagged(trace, flag, PoolStartup.Background, "hangs_without_flag");
        await host.StartAsync().InTime();
        Assert.Equal((HealthStatus.Unhealthy, HealthStatus.Healthy), await HealthAsync(host));
        await Eventually.True(() => trace.Alive().Length > 0, "a process of the pool starts");

        await host.StopAsync().InTime();
        trace.AssertNothingIsLeft();
        var waiting = host.Services.GetRequiredService<HostedPool>().WaitAsync();
        await Assert.ThrowsAsync<PoolNotStartedException>(() => waiting.InTime());
    }

    [PythonFact]
    public async Task An_application_that_is_stopped_while_its_pool_starts_leaves_no_process()
    {
        using var flag = new Marker();
        var trace = new ProcessTrace();
        using var host = Flagged(trace, flag, PoolStartup.Required, "hangs_without_flag");
        var starting = host.StartAsync();
        await Eventually.True(() => trace.Alive().Length > 1, "the template and a worker start");

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.InTime());
        trace.AssertNothingIsLeft();
    }

    [Fact]
    public async Task A_pool_that_never_starts_needs_no_python_and_says_so()
    {
        using var host = TestHost.Create(services => services
            .AddSnakepit(settings => (settings.Adapter, settings.PythonPath) = ("my_tools", "/no/python"))
            .Configure<SnakepitSettings>(settings => settings.Startup = PoolStartup.Never));
        await host.StartAsync().InTime();
        var told = Assert.Throws<PoolNotStartedException>(() => host.Services.GetRequiredService<SnakepitPool>());
        Assert.Equal("The pool never starts: its setting Startup says so.", told.Message);
        await host.StopAsync().InTime();
    }

    [Fact]
    public void Two_pools_of_one_name_are_refused()
    {
        var services = new ServiceCollection().AddSnakepit().AddKeyedSnakepit("vision");
        var unnamed = Assert.Throws<ArgumentException>(() => services.AddSnakepit());
        Assert.Contains("AddKeyedSnakepit", unnamed.Message, StringComparison.Ordinal);
        var named = Assert.Throws<ArgumentException>(() => services.AddKeyedSnakepit("Vision"));
        Assert.Contains("A pool 'vision' was added already", named.Message, StringComparison.Ordinal);
        Assert.All(["", " ", "a:b", "Heartbeat", "workers", "HostTools"], name =>
            Assert.Throws<ArgumentException>(() => services.AddKeyedSnakepit(name)));
    }

    private static IHost Flagged(ProcessTrace trace, Marker flag, PoolStartup startup, string adapter = "starts_while_flag") =>
        TestHost.Create(services => services
            .AddSnakepit(settings =>
            {
                TestHost.Probe(trace, adapter, flag.Path)(settings);
                settings.Startup = startup;
            })
            .AddHealthChecks().AddSnakepit());

    private static async Task<(HealthStatus Ready, HealthStatus Live)> HealthAsync(IHost host)
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().InTime();
        return (report.Entries["snakepit-ready"].Status, report.Entries["snakepit-live"].Status);
    }
}
