using Snakepit.Contracts.Options;
using Snakepit.Processes;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit;

/// <summary>
/// A template: a process that has imported an adapter and run its <c>prepare()</c>, and from which the workers of pools are forked in
/// milliseconds. Keep a template to start several pools, or pools on demand. A pool that is started with
/// <see cref="SnakepitPool.StartAsync"/> has a template of its own.
/// </summary>
public sealed class SnakepitTemplate : IAsyncDisposable
{
    private readonly SnakepitOptions _options;
    private readonly ForkSource _source;

    private SnakepitTemplate(SnakepitOptions options, ForkSource source)
    {
        _options = options;
        _source = source;
    }

    /// <summary>The process id of the template. It changes when a lost template is replaced.</summary>
    public int ProcessId => _source.TemplateId;

    /// <summary>Starts a template and returns when the adapter is prepared.</summary>
    /// <param name="options">
    /// The options of the template and of the pools that are started from it. <see cref="SnakepitOptions.WorkerStart"/> must be
    /// <see cref="WorkerStart.Fork"/>.
    /// </param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="PoolStartException">
    /// The template cannot be prepared; the type of the exception says why. No process is left running.
    /// </exception>
    public static async Task<SnakepitTemplate> StartAsync(SnakepitOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.WorkerStart == WorkerStart.Spawn)
        {
            throw new ArgumentException(
                $"A template forks its workers, but {nameof(SnakepitOptions)}.{nameof(SnakepitOptions.WorkerStart)} is "
                + $"{options.WorkerStart}.",
                nameof(options));
        }

        return await StartFailure
            .NamingLimitsAsync("The template", () => Detached.RunAsync(() => StartDetachedAsync(options, cancellationToken)))
            .ConfigureAwait(false);
    }

    /// <summary>Starts a pool whose workers are forked from this template. Dispose the pool before the template.</summary>
    /// <param name="workers">
    /// The number of workers of the pool. Default: null, which means <see cref="SnakepitOptions.Workers"/> of the template's options.
    /// </param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentException">The number of workers is out of range.</exception>
    /// <exception cref="PoolStartException">A worker cannot be started. No process of the pool is left running.</exception>
    public Task<SnakepitPool> StartPoolAsync(int? workers = null, CancellationToken cancellationToken = default)
    {
        var options = workers is { } wanted ? _options with { Workers = wanted } : _options;
        options.Validate();
        return StartFailure.NamingLimitsAsync(
            "The pool",
            () => Detached.RunAsync(() => SnakepitPool.StartFromAsync(options, _source, ownsSource: false, cancellationToken)));
    }

    /// <summary>Ends the template process. Workers of pools that have not been disposed end with it.</summary>
    /// <exception cref="InvalidOperationException">The caller is the application's logger while it writes a log entry.</exception>
    public ValueTask DisposeAsync()
    {
        GuardedLogger.RequireNotLogging();
        return _source.DisposeAsync();
    }

    private static async Task<SnakepitTemplate> StartDetachedAsync(SnakepitOptions options, CancellationToken cancellationToken)
    {
        var launch = await PoolPreparation.PrepareAsync(options, cancellationToken).ConfigureAwait(false);
        var source = await ForkSource.StartAsync(options, launch).ConfigureAwait(false);
        try
        {
            await source.PrepareAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new SnakepitTemplate(options, source);
    }
}
