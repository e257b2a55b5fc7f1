using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Snakepit.Hosting.Health;

/// <summary>
/// Is healthy when the pool can serve a call soon: its workers run, callers may still queue, and a worker that is idle answers in time.
/// Busy workers are not asked; the pool itself finds out if they hang.
/// </summary>
internal sealed class ReadinessCheck(HostedPool pool, TimeSpan answerTimeout) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var failure = context.Registration.FailureStatus;
        if (!pool.IsReady)
        {
            var last = pool.LastFailure;
            return new(failure, $"The pool has not started yet{(last is null ? "." : $": {last.Message}")}", last);
        }

        if (pool.IsStopping)
        {
            return new(failure, "The pool is stopping.");
        }

        var now = pool.Pool.GetStatistics();
        var data = PoolData.Of(now, pool.Options);
        if (now.Health == PoolHealth.Unavailable)
        {
            return new(failure, "The pool has no worker, and its attempts to start one keep failing.", data: data);
        }

        if (now.Count(WorkerState.Idle) == 0 && now.QueueLength >= pool.Options.QueueLimit)
        {
            return new(failure, $"All workers are busy and {now.QueueLength} callers wait, as many as may wait.", data: data);
        }

        var (problem, exception) = now.Count(WorkerState.Idle) > 0 ? await AskAsync(cancellationToken).ConfigureAwait(false) : default;
        return problem is not null ? new(failure, problem, exception, data)
            : now.Health == PoolHealth.Degraded
                ? HealthCheckResult.Degraded("Workers keep ending soon after their start, and some are missing.", data: data)
                : HealthCheckResult.Healthy(data: data);
    }

    /// <summary>Asks an idle worker for its tools. Returns what is wrong, if something is.</summary>
    private async Task<(string? Problem, Exception? Exception)> AskAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(answerTimeout, pool.Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            await pool.Pool.ListToolsAsync(either.Token).ConfigureAwait(false);
            return default;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Calls may have taken the idle workers since, so that the question has waited for one. That is load, and no fault.
            return pool.Pool.GetStatistics().Count(WorkerState.Idle) == 0
                ? default
                : ($"No worker answered within {answerTimeout.TotalSeconds:0.###} s.", null);
        }
        catch (Exception exception) when (exception is SnakepitException or ObjectDisposedException)
        {
            return ($"No worker answered: {exception.Message}", exception);
        }
    }
}
