using System.Collections.Immutable;
using System.Text.Json;
using Snakepit.Contracts;
using Snakepit.Contracts.Options;
using Snakepit.HostTools;
using Snakepit.Payloads;
using Snakepit.Pooling;
using Snakepit.Processes;
using Snakepit.Protocol.Grpc;
using Snakepit.Telemetry;

namespace Snakepit;

/// <summary>
/// A pool of Python worker processes. Calls are served first come, first served, by each worker one at a time
/// or <see cref="SnakepitOptions.MaxConcurrentCallsPerWorker"/> at once. All members are safe to use
/// from many threads at once.
/// </summary>
public sealed class SnakepitPool : IAsyncDisposable
{
    private readonly WorkerPool _pool;
    private readonly WorkerSupervisor _supervisor;
    private readonly IWorkerSource? _ownSource;
    private readonly HostToolbox _toolbox;
    private readonly CallRunner _calls;
    private readonly Lock _gate = new();
    private Task? _disposal;

    private SnakepitPool(SnakepitOptions options, IWorkerSource source, bool ownsSource)
    {
        var codec = new PayloadCodec(options.Json, options.MaxPayloadBytes);
        _toolbox = new HostToolbox(options.HostTools, codec, GuardedLogger.Create(options.LoggerFactory, "Snakepit.HostTools"));
        _pool = new WorkerPool(options);
        _supervisor = new WorkerSupervisor(options, _pool, source, _toolbox);
        _calls = new CallRunner(options, _pool, _supervisor, codec);
        _ownSource = ownsSource ? source : null;
    }

    /// <summary>When the workers were launched, connected, listened and had answered, as timestamps of the options' clock.</summary>
    internal ImmutableArray<(long Launched, long Connected, long Listening, long Ready)> StartMoments => _pool.StartMoments;

    /// <summary>When the pool's own template was started, connected and prepared; null if it has none of its own.</summary>
    internal (long Started, long Connected, long Prepared)? TemplateMoments => (_ownSource as ForkSource)?.TemplateMoments;

    /// <summary>How long callers have waited for a worker, all together.</summary>
    internal TimeSpan Queued => _pool.Queued;

    /// <summary>How many frames the workers that there are have exchanged with this process.</summary>
    internal long FramesExchanged => _pool.FramesExchanged;

    /// <summary>The processes that the pool has started: its template, if it has one of its own, and its workers.</summary>
    internal ImmutableArray<int> ProcessIds
    {
        get
        {
            var workers = GetStatistics().Workers.Select(worker => worker.ProcessId);
            return [.. _ownSource is ForkSource own ? workers.Prepend(own.TemplateId) : workers];
        }
    }

    /// <summary>Starts the workers and returns when all of them have answered a first ping.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="PoolStartException">The pool cannot start; the type tells why. Nothing is left running.</exception>
    public static async Task<SnakepitPool> StartAsync(SnakepitOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        RequireLinux();
        options.Validate();
        if (options.Transport == WorkerTransport.Grpc)
        {
            GrpcWarmUp.Begin();
        }

        var interpreter = await PythonLocator.LocateAsync(options.PythonPath, options.Transport, cancellationToken);
        IWorkerSource source = options.WorkerStart == WorkerStart.Fork
            ? await ForkSource.StartAsync(options, interpreter)
            : new SpawnSource(new SourceResources(options, interpreter));
        return await StartFromAsync(options, source, ownsSource: true, cancellationToken);
    }

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
            await source.DisposeAsync();
            throw;
        }

        try
        {
            await pool._supervisor.StartAsync(cancellationToken);
            return pool;
        }
        catch
        {
            await pool.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls a tool and returns its result.</summary>
    /// <typeparam name="T">What the result's JSON is read as; <see cref="JsonElement"/> takes anything.</typeparam>
    /// <param name="tool">The tool's name.</param>
    /// <param name="arguments">An object or dictionary with one entry per argument; null for none.</param>
    /// <param name="options">What this call does differently.</param>
    /// <param name="cancellationToken">Gives the call up: it throws at once, and the tool is interrupted in Python.</param>
    /// <exception cref="PythonException">The tool raised.</exception>
    /// <exception cref="SnakepitException">The call could not be made or completed; the type tells why.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed.</exception>
    public Task<T> ExecuteAsync<T>(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.ExecuteAsync<T>(session: null, tool, arguments, options, cancellationToken);

    /// <summary>Calls a tool for its effect; its result is not looked at.</summary>
    /// <inheritdoc cref="ExecuteAsync{T}"/>
    public Task ExecuteAsync(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.ExecuteAsync(session: null, tool, arguments, options, cancellationToken);

    /// <summary>
    /// Calls a generator and yields its chunks as they are made. The call begins with the first <c>MoveNextAsync</c>; leaving the
    /// <c>await foreach</c> early closes the generator and frees the worker. A consumer that pauses makes the generator pause.
    /// </summary>
    /// <inheritdoc cref="ExecuteAsync{T}"/>
    public IAsyncEnumerable<T> StreamAsync<T>(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.StreamAsync<T>(session: null, tool, arguments, options, cancellationToken);

    /// <summary>
    /// Opens a session, or another handle to the one of that key that is open: its calls go to one worker, where <c>ctx.session.state</c> lives
    /// from call to call.
    /// </summary>
    /// <param name="key">Reaches Python as <c>ctx.session.key</c>; 1 to 1,024 bytes of UTF-8.</param>
    /// <param name="affinity">What a call does when that worker is busy.</param>
    /// <exception cref="ArgumentException">The key cannot be one, or is open with another affinity.</exception>
    /// <exception cref="SessionLimitException">Too many are open.</exception>
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

    /// <summary>Asks a worker which tools the adapter offers.</summary>
    /// <exception cref="SnakepitException">No worker became free, or it was lost, or did not answer within <see cref="SnakepitOptions.CallTimeout"/>.</exception>
    public async Task<ImmutableArray<ToolDescription>> ListToolsAsync(CancellationToken cancellationToken = default)
    {
        var list = await _supervisor.ListToolsAsync(cancellationToken);
        return [.. list.Tools.Select(Described)];
    }

    /// <summary>
    /// The workers and the queue at one moment, and the calls a moment before: while calls begin and end the two may differ by those; whenever none
    /// does they agree.
    /// </summary>
    public PoolStatistics GetStatistics()
    {
        var calls = _calls.Snapshot();
        return _pool.Snapshot(calls);
    }

    /// <summary>
    /// Refuses waiting callers, lets running calls end within <see cref="SnakepitOptions.DrainTimeout"/>, and ends every process of the pool.
    /// </summary>
    /// <exception cref="InvalidOperationException">A host tool of this pool asks, or a logger in the middle of a line: it would wait for itself.</exception>
    public ValueTask DisposeAsync()
    {
        GuardedLogger.RequireNotLogging();
        if (_toolbox.IsRunningHere)
        {
            throw new InvalidOperationException("A host tool cannot dispose its own pool, which would wait for it. Dispose it when the call has ended.");
        }

        lock (_gate)
        {
            return new ValueTask(_disposal ??= StopAsync());
        }
    }

    internal static void RequireLinux()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Snakepit's workers need Linux; on Windows, run the program under WSL.");
        }
    }

    private async Task StopAsync()
    {
        await Task.Yield(); // leave the lock
        await _supervisor.DisposeAsync();
        if (_ownSource is not null)
        {
            await _ownSource.DisposeAsync();
        }

        _pool.Dispose();
    }

    private static ToolDescription Described(Protocol.V1.Tool tool) => new(
        tool.Name,
        tool.Description,
        tool.Streaming,
        [.. tool.Parameters.Select(parameter => new ToolParameter(
            parameter.Name,
            parameter.Type,
            parameter.Required,
            parameter.DefaultValue.IsEmpty ? null : JsonDocument.Parse(parameter.DefaultValue.Memory).RootElement,
            parameter.CollectsRest))],
        tool.Returns);
}
