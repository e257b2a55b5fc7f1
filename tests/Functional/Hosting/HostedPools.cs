using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Snakepit.Hosting;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Hosting;

/// <summary>Tests that pools start and stop with the host of an application, and are injected.</summary>
public sealed class HostedPools
{
    [PythonFact]
    public async Task A_pool_is_ready_when_the_host_has_started_and_gone_when_it_has_stopped()
    {
        var trace = new ProcessTrace();
        using var host = TestHost.Create(services => services.AddSnakepit(TestHost.Probe(trace)));
        await host.StartAsync().InTime();

        var pool = host.Services.GetRequiredService<SnakepitPool>();
        Assert.Equal(2, pool.GetStatistics().Count(WorkerState.Idle));
        Assert.Contains(await pool.ExecuteAsync<int>("pid").InTime(), pool.ProcessIds());
        Assert.Same(pool, await host.Services.GetRequiredService<HostedPool>().WaitAsync().InTime());

        await host.StopAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task Pools_with_names_are_injected_by_their_names_and_configured_by_their_sections()
    {
        var trace = new ProcessTrace();
        var configuration = new Dictionary<string, string?>
        {
            ["Snakepit:QueueLimit"] = "5",
            ["Snakepit:vision:QueueLimit"] = "7",
            ["Elsewhere:Adapter"] = "snakepit_worker.adapters.showcase",
        };
        using var host = TestHost.Create(
            services => services
                .AddSnakepit(TestHost.Probe(trace))
                .AddKeyedSnakepit("vision", TestHost.Probe(trace))
                .AddKeyedSnakepit("text", Section("Elsewhere", configuration))
                .AddSingleton<Consumer>(),
            configuration);
        await host.StartAsync().InTime();

        var consumer = host.Services.GetRequiredService<Consumer>();
        Assert.Equal(3, new HashSet<SnakepitPool> { consumer.Plain, consumer.Vision, consumer.Text }.Count);
        Assert.Equal([5, 7], new[] { null, "vision" }.Select(name => PoolOf(host, name).Options.QueueLimit));
        await consumer.Vision.ExecuteAsync("pid").InTime();
        await consumer.Text.ExecuteAsync("add", new { a = 1, b = 2 }).InTime();
        await host.StopAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task Another_service_may_wait_for_the_pool_in_its_start_and_use_it_in_its_stop_whatever_the_order()
    {
        var trace = new ProcessTrace();
        using var host = TestHost.Create(services => services
            .AddSingleton<Early>()
            .AddHostedService(provider => provider.GetRequiredService<Early>())
            .AddSnakepit(TestHost.Probe(trace)));
        await host.StartAsync().InTime();
        await host.StopAsync().InTime();
        var early = host.Services.GetRequiredService<Early>();
        Assert.True(early.AtStart > 0);
        Assert.True(early.AtStop > 0);
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_pool_that_is_asked_for_before_the_start_says_what_to_do()
    {
        var trace = new ProcessTrace();
        using var host = TestHost.Create(services => services.AddKeyedSnakepit("vision", TestHost.Probe(trace)));
        var early = Assert.Throws<PoolNotStartedException>(() => host.Services.GetRequiredKeyedService<SnakepitPool>("vision"));
        Assert.StartsWith("The pool 'vision' has not started yet", early.Message, StringComparison.Ordinal);
        Assert.Contains("inject HostedPool and await WaitAsync", early.Message, StringComparison.Ordinal);

        await host.StartAsync().InTime();
        Assert.NotNull(host.Services.GetRequiredKeyedService<SnakepitPool>("vision"));
        await host.StopAsync().InTime();
    }

    [PythonFact]
    public async Task The_stop_lets_running_calls_end()
    {
        using var gate = new Marker();
        var trace = new ProcessTrace();
        using var host = TestHost.Create(services => services.AddSnakepit(TestHost.Probe(trace)));
        await host.StartAsync().InTime();
        var pool = host.Services.GetRequiredService<SnakepitPool>();
        var running = pool.ExecuteAsync<string>("until", new { gate = gate.Path, marker = gate.At("began") });
        await gate.WrittenAsync("began");

        var stopping = host.StopAsync();
        await Eventually.True(() => pool.GetStatistics().Workers.All(worker => worker.State == WorkerState.Draining), "the pool stops");
        gate.Write();
        Assert.Equal("opened", await running.InTime());
        await stopping.InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task The_stop_waits_for_running_calls_no_longer_than_the_shutdown_timeout_of_the_host()
    {
        using var marker = new Marker();
        var trace = new ProcessTrace();
        using var host = TestHost.Create(services => services
            .AddSnakepit(settings =>
            {
                TestHost.Probe(trace)(settings);
                settings.DrainTimeout = TimeSpan.FromMinutes(10);
            })
            .Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(300)));
        await host.StartAsync().InTime();
        var running = host.Services.GetRequiredService<SnakepitPool>().ExecuteAsync("hang", new { marker = marker.Path });
        await marker.WrittenAsync();

        await host.StopAsync().InTime();
        await Assert.ThrowsAnyAsync<SnakepitException>(() => running.InTime());
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task Host_tools_loggers_and_the_clock_come_from_the_application()
    {
        var trace = new ProcessTrace();
        var log = new RecordedLog();
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
        using var host = TestHost.Create(
            services => services
                .AddSingleton<TimeProvider>(time)
                .AddSnakepit(TestHost.Probe(trace))
                .AddOptions<SnakepitSettings>().Configure<IHostEnvironment>((settings, environment) =>
                    settings.HostTools["name_of"] = HostTool.Create((NoArguments _) => environment.EnvironmentName)),
            log: log);
        await host.StartAsync().InTime();
        var pool = host.Services.GetRequiredService<SnakepitPool>();
        Assert.Equal(2030, pool.GetStatistics().Workers[0].Start!.Ready.Year);
        await log.WaitForLineAsync("The pool is ready after");
        Assert.Contains(log.Records, record => record.Category == "Snakepit.Pool");
        await host.StopAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    private static HostedPool PoolOf(IHost host, string? name) => Snakepit.Hosting.Pools.PoolLifetimes.Of(host.Services, name);

    private static IConfigurationSection Section(string name, IReadOnlyDictionary<string, string?> configuration) =>
        new ConfigurationBuilder().AddInMemoryCollection(configuration).Build().GetSection(name);

    private sealed record NoArguments;

    private sealed record Consumer(
        SnakepitPool Plain, [FromKeyedServices("vision")] SnakepitPool Vision, [FromKeyedServices("text")] SnakepitPool Text);

    private sealed class Early(HostedPool pool) : IHostedService
    {
        public int AtStart { get; private set; }

        public int AtStop { get; private set; }

        public async Task StartAsync(CancellationToken cancellationToken) => AtStart = await PidAsync(cancellationToken);

        public async Task StopAsync(CancellationToken cancellationToken) => AtStop = await PidAsync(cancellationToken);

        private async Task<int> PidAsync(CancellationToken cancellationToken) =>
            await (await pool.WaitAsync(cancellationToken)).ExecuteAsync<int>("pid", cancellationToken: cancellationToken);
    }
}
