using Microsoft.Extensions.Diagnostics.HealthChecks;
using Snakepit.Hosting;
using Snakepit.Hosting.Health;
using Snakepit.Hosting.Pools;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks of pools.</summary>
public static class SnakepitHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds two checks of a pool. <c>snakepit-ready</c>, with the tag <c>ready</c>: workers run, the queue is not full, and an idle worker
    /// answers in time. <c>snakepit-live</c>, with the tag <c>live</c>: the pool is not unavailable. For a pool with a name they are
    /// <c>snakepit-NAME-ready</c> and <c>snakepit-NAME-live</c>. Their data have the workers by state, the queue and the restarts.
    /// </summary>
    /// <param name="builder">The builder that <c>AddHealthChecks()</c> returns.</param>
    /// <param name="name">The name of the pool. Default: null, the pool without a name.</param>
    /// <param name="configure">Changes the settings of the checks. Default: null, nothing is changed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public static IHealthChecksBuilder AddSnakepit(
        this IHealthChecksBuilder builder, string? name = null, Action<SnakepitHealthOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new SnakepitHealthOptions();
        configure?.Invoke(options);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.AnswerTimeout, TimeSpan.Zero, nameof(options.AnswerTimeout));
        var prefix = name is null ? "snakepit" : $"snakepit-{name}";
        return builder
            .Add(new HealthCheckRegistration(
                $"{prefix}-ready",
                services => new ReadinessCheck(PoolLifetimes.Of(services, name), options.AnswerTimeout),
                failureStatus: null,
                options.ReadyTags))
            .Add(new HealthCheckRegistration(
                $"{prefix}-live", services => new LivenessCheck(PoolLifetimes.Of(services, name)), failureStatus: null, options.LiveTags));
    }
}
