using System.Collections.Immutable;
using System.Text.Json;
using Snakepit.Contracts;
using Snakepit.HostTools;
using Snakepit.Memory;
using Snakepit.Payloads;
using Snakepit.Pooling;
using Snakepit.Processes;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit;

/// <summary>
/// A pool of Python worker processes. Calls are served in their order of arrival. Each worker runs up to
/// <see cref="SnakepitOptions.MaxConcurrentCallsPerWorker"/> calls at the same time, by default one. All members are thread-safe.
/// </summary>
public sealed class SnakepitPool : IAsyncDisposable
{
    private readonly WorkerSupervisor _supervisor;
    private readonly WorkerPool _pool;
    private readonly IWorkerSource _source;
    private readonly bool _ownsSource;
    private readonly HostToolbox _toolbox;
    private readonly CallRunner _calls;
    private readonly Lock _gate = new();
    private Task? _disposal;

    private SnakepitPool(SnakepitOptions options, IWorkerSource source, bool ownsSource)
    {
        var codec = new PayloadCodec(options.Json, options.MaxPayloadBytes, HostMemory.OfProcess);
        _toolbox = new HostToolbox(options.HostTools, codec, GuardedLogger.Create(options.LoggerFactory, "Snakepit.HostTools"));
        _supervisor = new WorkerSupervisor(options, Transports.Of(options.Transport), source, _toolbox);
        _pool = _supervisor.Pool;
        _calls = new CallRunner(options, _pool, codec);
        (_source, _ownsSource) = (source, ownsSource);
    }

    /// <summary>
    /// Starts a pool. Returns when all workers, or as many as <see cref="SnakepitOptions.MinimumReadyWorkers"/> says, have answered their
    /// first ping.
    /// </summary>
    /// <param name="options">The options of the pool, including the adapter to run.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="PoolStartException">
    /// The pool cannot start; the type of the exception says why. No process is left running.
    /// </exception>
    public static async Task<SnakepitPool> StartAsync(SnakepitOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return await StartFailure
            .NamingLimitsAsync("The pool", () => Detached.RunAsync(() => StartDetachedAsync(options, cancellationToken)))
            .ConfigureAwait(false);
    }

    /// <summary>Starts a pool of workers that <paramref name="source"/> creates. To be called through <see cref="Detached"/>.</summary>
    internal static async Task<SnakepitPool> StartFromAsync(
        SnakepitOptions options, IWorkerSource source, bool ownsSource, CancellationToken cancellationToken)
    {
        SnakepitPool pool;
        try
        {
            pool = new SnakepitPool(options, source, ownsSource);
        }
        catch when (ownsSource)
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        try
        {
            await pool._supervisor.StartAsync(cancellationToken).ConfigureAwait(false);
            return pool;
        }
        catch
        {
            await pool.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Calls a tool and returns its result.</summary>
    /// <typeparam name="T">The type that the result's JSON is converted to. <see cref="JsonElement"/> accepts any JSON.</typeparam>
    /// <param name="tool">The tool's name.</param>
    /// <param name="arguments">
    /// An object with one property per argument, or a dictionary with one entry per argument. Default: null, no arguments.
    /// </param>
    /// <param name="options">Options of this call. Default: null, the options of the pool.</param>
    /// <param name="cancellationToken">Cancels the call: the call throws at once, and the tool is interrupted in Python.</param>
    /// <exception cref="PythonException">The tool raised an exception.</exception>
    /// <exception cref="SnakepitException">The call could not be made or completed; the type of the exception says why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed.</exception>
    public Task<T> ExecuteAsync<T>(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.ExecuteAsync<T>(session: null, tool, arguments, options, cancellationToken);

    /// <summary>Calls a tool and ignores its result.</summary>
    /// <inheritdoc cref="ExecuteAsync{T}"/>
    public Task ExecuteAsync(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.ExecuteAsync(session: null, tool, arguments, options, cancellationToken);

    /// <summary>
    /// Calls a generator and returns its chunks as they are produced. The call begins with the first <c>MoveNextAsync</c>. If the consumer
    /// leaves the <c>await foreach</c> early, the generator is closed and the worker becomes free. When
    /// <see cref="SnakepitOptions.StreamBuffer"/> chunks wait for the consumer, the generator pauses until the consumer reads on.
    /// </summary>
    /// <inheritdoc cref="ExecuteAsync{T}"/>
    public IAsyncEnumerable<T> StreamAsync<T>(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.StreamAsync<T>(session: null, tool, arguments, options, cancellationToken);

    /// <summary>
    /// Opens a session, or returns another object for the open session with this key. The calls of a session go to one worker, which keeps
    /// <c>ctx.session.state</c> from call to call; <paramref name="affinity"/> says what they do while that worker is busy.
    /// </summary>
    /// <param name="key">The key, which Python sees as <c>ctx.session.key</c>: 1 to 1,024 bytes of UTF-8.</param>
    /// <param name="affinity">
    /// What a call of the session does when the session's worker is busy. Default: <see cref="AffinityMode.Prefer"/>.
    /// </param>
    /// <exception cref="ArgumentException">The key is invalid, or the session is open with another affinity.</exception>
    /// <exception cref="SessionLimitException">As many sessions as <see cref="SessionOptions.Limit"/> allows are open.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed.</exception>
    public SnakepitSession OpenSession(string key, AffinityMode affinity = AffinityMode.Prefer)
    {
        Identifier.Require(key, nameof(key));
        if (!Enum.IsDefined(affinity))
        {
            throw new ArgumentOutOfRangeException(nameof(affinity), affinity, $"{nameof(affinity)} must be a defined value.");
        }

        return new SnakepitSession(_pool.OpenSession(key, affinity), _pool, _calls);
    }

    /// <summary>Returns the tools that the adapter offers. One of the workers is asked for them.</summary>
    /// <exception cref="SnakepitException">
    /// No worker became free, the worker was lost, or the worker did not answer within <see cref="SnakepitOptions.CallTimeout"/>; the type
    /// of the exception says which.
    /// </exception>
    public async Task<ImmutableArray<ToolDescription>> ListToolsAsync(CancellationToken cancellationToken = default)
    {
        var list = await _supervisor.Tools.ListAsync(cancellationToken).ConfigureAwait(false);
        return [.. list.Tools.Select(Described)];
    }

    /// <summary>Takes a snapshot of the pool's workers, queue, sessions and calls.</summary>
    public PoolStatistics GetStatistics()
    {
        var calls = _calls.Snapshot();
        var template = _source.Template;
        return _pool.Snapshot(calls, template is null ? null : template with { IsShared = !_ownsSource });
    }

    /// <summary>
    /// Stops the pool: refuses waiting callers, lets running calls end within <see cref="SnakepitOptions.DrainTimeout"/>, and ends every
    /// process of the pool.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The caller is a host tool of this pool, or the application's logger while it writes a log entry. The disposal would wait for its own
    /// caller.
    /// </exception>
    public ValueTask DisposeAsync()
    {
        GuardedLogger.RequireNotLogging();
        if (_toolbox.IsRunningHere)
        {
            throw new InvalidOperationException(
                "A host tool cannot dispose its own pool, because the disposal waits for the host tool. Dispose the pool when the call has "
                + "ended.");
        }

        lock (_gate)
        {
            return new ValueTask(_disposal ??= Detached.RunAsync(StopAsync));
        }
    }

    private static async Task<SnakepitPool> StartDetachedAsync(SnakepitOptions options, CancellationToken cancellationToken)
    {
        var launch = await PoolPreparation.PrepareAsync(options, cancellationToken).ConfigureAwait(false);
        IWorkerSource source = options.WorkerStart == WorkerStart.Fork
            ? await ForkSource.StartAsync(options, launch).ConfigureAwait(false)
            : new SpawnSource(new ProcessLauncher(launch, options.LoggerFactory));
        return await StartFromAsync(options, source, ownsSource: true, cancellationToken).ConfigureAwait(false);
    }

    private async Task StopAsync()
    {
        await _supervisor.DisposeAsync().ConfigureAwait(false);
        if (_ownsSource)
        {
            await _source.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static ToolDescription Described(Protocol.V1.Tool tool) => new(
        tool.Name,
        tool.Description,
        tool.Streaming,
        [.. tool.Parameters.Select(parameter => new ToolParameter(
            parameter.Name,
            parameter.Type,
            parameter.Required,
            parameter.DefaultValue.IsEmpty ? null : PayloadCodec.Parse(parameter.DefaultValue.Memory),
            parameter.CollectsRest))],
        tool.Returns);
}
