using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Snakepit.Hosting.Health;

/// <summary>
/// Is unhealthy when a restart of the application may help: the pool has no worker and can start none, or no attempt to start the pool will
/// be made any more. A pool that is starting, or whose start will be tried again, is no reason for a restart.
/// </summary>
internal sealed class LivenessCheck(HostedPool pool) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check(context.Registration.FailureStatus));

    private HealthCheckResult Check(HealthStatus failure)
    {
        if (!pool.IsReady)
        {
            return pool.HasGivenUp ? new(failure, "The pool does not start.", pool.LastFailure)
                : pool.LastFailure is { } last ? HealthCheckResult.Degraded($"The pool has not started yet: {last.Message}", last)
                : HealthCheckResult.Healthy("The pool is starting.");
        }

        var now = pool.Pool.GetStatistics();
        var data = PoolData.Of(now, pool.Options);
        return now.Health == PoolHealth.Unavailable
            ? new(failure, "The pool has no worker, and its attempts to start one keep failing.", data: data)
            : HealthCheckResult.Healthy(data: data);
    }
}
