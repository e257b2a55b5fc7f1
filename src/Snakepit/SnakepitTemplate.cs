using Snakepit.Contracts.Options;
using Snakepit.Processes;
using Snakepit.Protocol.Grpc;
using Snakepit.Telemetry;

namespace Snakepit;

/// <summary>
/// A prepared adapter: a process that has imported it and run its <c>prepare()</c>, and from which pools start in milliseconds. Keep one to
/// start pools on demand; <see cref="SnakepitPool.StartAsync"/> makes one of its own.
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

    /// <summary>The template's process.</summary>
    public int ProcessId => _source.TemplateId;

    /// <summary>Starts the template and returns when the adapter is prepared.</summary>
    /// <param name="options">What the pools will run; <see cref="SnakepitOptions.WorkerStart"/> must be <see cref="WorkerStart.Fork"/>.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="PoolStartException">It cannot be prepared; the type tells why. Nothing is left running.</exception>
    public static async Task<SnakepitTemplate> StartAsync(SnakepitOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        SnakepitPool.RequireLinux();
        options.Validate();
        if (options.WorkerStart != WorkerStart.Fork)
        {
            throw new ArgumentException($"A template forks; {nameof(SnakepitOptions)}.{nameof(SnakepitOptions.WorkerStart)} is {options.WorkerStart}.", nameof(options));
        }

        if (options.Transport == WorkerTransport.Grpc)
        {
            GrpcWarmUp.Begin();
        }

        var interpreter = await PythonLocator.LocateAsync(options.PythonPath, options.Transport, cancellationToken);
        var source = await ForkSource.StartAsync(options, interpreter);
        try
        {
            await source.PrepareAsync().WaitAsync(cancellationToken);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }

        return new SnakepitTemplate(options, source);
    }

    /// <summary>Starts a pool whose workers are forked from this template. Dispose it before the template.</summary>
    /// <param name="workers">How many workers; null for <see cref="SnakepitOptions.Workers"/> of the template's options.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="PoolStartException">A worker cannot be started. Nothing of the pool is left running.</exception>
    public Task<SnakepitPool> StartPoolAsync(int? workers = null, CancellationToken cancellationToken = default)
    {
        var options = workers is { } wanted ? _options with { Workers = wanted } : _options;
        options.Validate();
        return SnakepitPool.StartFromAsync(options, _source, ownsSource: false, cancellationToken);
    }

    /// <summary>Ends the template, and with it the workers of pools that have not been disposed.</summary>
    /// <exception cref="InvalidOperationException">A logger asks in the middle of a line: it would wait for itself.</exception>
    public ValueTask DisposeAsync()
    {
        GuardedLogger.RequireNotLogging();
        return _source.DisposeAsync();
    }
}
