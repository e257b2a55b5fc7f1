using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Snakepit.Hosting.Configuration;

namespace Snakepit.Hosting.Pools;

/// <summary>
/// Starts all pools of the application, at the same time and before any other service of the host, and stops them after all others. So
/// other services may use pools in their own start and stop, in whatever order they were added.
/// </summary>
internal sealed class PoolLifetimes(IEnumerable<PoolRegistration> registrations, IServiceProvider services) : IHostedLifecycleService
{
    private readonly Lazy<HostedPool[]> _pools = new(() => [.. registrations.Select(pool => Of(services, pool.Name))]);

    public static HostedPool Of(IServiceProvider services, string? name) =>
        name is null ? services.GetRequiredService<HostedPool>() : services.GetRequiredKeyedService<HostedPool>(name);

    /// <summary>
    /// Starts the pools. If one cannot start, the others are stopped, so that no process is left, and its exception is thrown.
    /// </summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        using var together = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await foreach (var start in Task.WhenEach(_pools.Value.Select(pool => pool.StartAsync(together.Token))).ConfigureAwait(false))
            {
                await start.ConfigureAwait(false);
            }
        }
        catch
        {
            await together.CancelAsync().ConfigureAwait(false);
            await StoppedAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
            throw;
        }
    }

    public Task StoppedAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_pools.Value.Select(pool => pool.StopAsync(cancellationToken)));

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
