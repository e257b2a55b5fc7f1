using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Snakepit.Contracts;
using Snakepit.Contracts.Statistics;
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
public sealed partial class SnakepitPool : IAsyncDisposable
{
    private readonly WorkerSupervisor _supervisor;
    private readonly WorkerPool _pool;
    private readonly IWorkerSource _source;
    private readonly bool _ownsSource;
    private readonly HostToolbox _toolbox;
    private readonly CallRunner _calls;
    private readonly PoolTelemetry _telemetry;

    private SnakepitPool(SnakepitOptions options, IWorkerSource source, bool ownsSource)
    {
        var codec = new PayloadCodec(options.Json, options.MaxPayloadBytes, HostMemory.OfProcess);
        _toolbox = new HostToolbox(options.HostTools, codec, GuardedLogger.Create(options.LoggerFactory, "Snakepit.HostTools"));
        _telemetry = new PoolTelemetry(options.TimeProvider);
        _supervisor = new WorkerSupervisor(options, Transports.Of(options.Transport), source, _toolbox);
        _pool = _supervisor.Pool;
        _calls = new CallRunner(options, _pool, codec, _telemetry);
        (_source, _ownsSource) = (source, ownsSource);
        _telemetry.Report(options.Name ?? options.Adapter, options.Workers, GetStatistics, ProcessFacts.ResidentMemory);
    }

    /// <summary>
    /// The name of the pool in metrics and traces: <see cref="SnakepitOptions.Name"/>, with a number added if another pool of this program
    /// has that name.
    /// </summary>
    public string Name => _telemetry.Pool.Name;

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
            PoolTelemetry.MakeInstruments();
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
    [RequiresUnreferencedCode(ReflectedTypes.WhenTrimmed)]
    [RequiresDynamicCode(ReflectedTypes.WhenAheadOfTime)]
    public Task<T> ExecuteAsync<T>(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.ExecuteAsync<T>(session: null, tool, arguments, ReflectedTypes.Instance, options, cancellationToken);

    /// <summary>Calls a tool and ignores its result.</summary>
    /// <inheritdoc cref="ExecuteAsync{T}(string, object?, CallOptions?, CancellationToken)"/>
    [RequiresUnreferencedCode(ReflectedTypes.WhenTrimmed)]
    [RequiresDynamicCode(ReflectedTypes.WhenAheadOfTime)]
    public Task ExecuteAsync(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.ExecuteAsync(session: null, tool, arguments, ReflectedTypes.Instance, options, cancellationToken);

    /// <summary>
    /// Calls a generator and returns its chunks as they are produced. The call begins with the first <c>MoveNextAsync</c>. If the consumer
    /// leaves the <c>await foreach</c> early, the generator is closed and the worker becomes free. When
    /// <see cref="SnakepitOptions.StreamBuffer"/> chunks wait for the consumer, the generator pauses until the consumer reads on.
    /// </summary>
    /// <inheritdoc cref="ExecuteAsync{T}(string, object?, CallOptions?, CancellationToken)"/>
    [RequiresUnreferencedCode(ReflectedTypes.WhenTrimmed)]
    [RequiresDynamicCode(ReflectedTypes.WhenAheadOfTime)]
    public IAsyncEnumerable<T> StreamAsync<T>(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.StreamAsync<T>(session: null, tool, arguments, ReflectedTypes.Instance, options, cancellationToken);

    /// <summary>
    /// Calls a tool and returns its result. It uses no reflection, so that the program may be trimmed, or compiled ahead of time.
    /// </summary>
    /// <typeparam name="TArguments">The type as which the arguments are written.</typeparam>
    /// <typeparam name="TResult">The type that the result's JSON is converted to.</typeparam>
    /// <param name="tool">The tool's name.</param>
    /// <param name="arguments">An object or dictionary with one property or entry per argument; null for no arguments.</param>
    /// <param name="argumentsType">
    /// The description of the arguments' type, of a <see cref="JsonSerializerContext"/>. Names and the like follow the options of the pool,
    /// not those of the context.
    /// </param>
    /// <param name="resultType">The description of the result's type.</param>
    /// <param name="options">Options of this call. Default: null, the options of the pool.</param>
    /// <param name="cancellationToken">Cancels the call: the call throws at once, and the tool is interrupted in Python.</param>
    /// <inheritdoc cref="ExecuteAsync{T}(string, object?, CallOptions?, CancellationToken)"/>
    public Task<TResult> ExecuteAsync<TArguments, TResult>(
        string tool,
        TArguments arguments,
        JsonTypeInfo<TArguments> argumentsType,
        JsonTypeInfo<TResult> resultType,
        CallOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var (given, types) = (DescribedArguments.Of(arguments, argumentsType), DescribedTypes.Of(resultType, nameof(resultType)));
        return _calls.ExecuteAsync<TResult>(session: null, tool, given, types, options, cancellationToken);
    }

    /// <summary>Calls a tool without arguments and returns its result. It uses no reflection.</summary>
    /// <inheritdoc cref="ExecuteAsync{TArguments, TResult}"/>
    public Task<TResult> ExecuteAsync<TResult>(
        string tool, JsonTypeInfo<TResult> resultType, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.ExecuteAsync<TResult>(
            session: null, tool, arguments: null, DescribedTypes.Of(resultType, nameof(resultType)), options, cancellationToken);

    /// <summary>Calls a tool and ignores its result. It uses no reflection.</summary>
    /// <inheritdoc cref="ExecuteAsync{TArguments, TResult}"/>
    [OverloadResolutionPriority(-1)] // so that null in place of the options of a call is not taken for a description
    public Task ExecuteAsync<TArguments>(
        string tool,
        TArguments arguments,
        JsonTypeInfo<TArguments> argumentsType,
        CallOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var (given, types) = (DescribedArguments.Of(arguments, argumentsType), DescribedTypes.Of(argumentsType, nameof(argumentsType)));
        return _calls.ExecuteAsync(session: null, tool, given, types, options, cancellationToken);
    }

    /// <summary>Calls a generator and returns its chunks as they are produced. It uses no reflection.</summary>
    /// <typeparam name="TArguments">The type as which the arguments are written.</typeparam>
    /// <typeparam name="TChunk">The type that the JSON of each chunk is converted to.</typeparam>
    /// <param name="tool">The generator's name.</param>
    /// <param name="arguments">An object or dictionary with one property or entry per argument; null for no arguments.</param>
    /// <param name="argumentsType">The description of the arguments' type, of a <see cref="JsonSerializerContext"/>.</param>
    /// <param name="chunkType">The description of the chunks' type.</param>
    /// <param name="options">Options of this call. Default: null, the options of the pool.</param>
    /// <param name="cancellationToken">Cancels the call: the call throws at once, and the tool is interrupted in Python.</param>
    /// <inheritdoc cref="StreamAsync{T}(string, object?, CallOptions?, CancellationToken)"/>
    public IAsyncEnumerable<TChunk> StreamAsync<TArguments, TChunk>(
        string tool,
        TArguments arguments,
        JsonTypeInfo<TArguments> argumentsType,
        JsonTypeInfo<TChunk> chunkType,
        CallOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var (given, types) = (DescribedArguments.Of(arguments, argumentsType), DescribedTypes.Of(chunkType, nameof(chunkType)));
        return _calls.StreamAsync<TChunk>(session: null, tool, given, types, options, cancellationToken);
    }

    /// <summary>Calls a generator without arguments and returns its chunks as they are produced. It uses no reflection.</summary>
    /// <inheritdoc cref="StreamAsync{TArguments, TChunk}"/>
    public IAsyncEnumerable<TChunk> StreamAsync<TChunk>(
        string tool, JsonTypeInfo<TChunk> chunkType, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.StreamAsync<TChunk>(
            session: null, tool, arguments: null, DescribedTypes.Of(chunkType, nameof(chunkType)), options, cancellationToken);

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
        return DescribedTools.Of(list);
    }

    /// <summary>
    /// Returns which processors, how much memory and which CUDA devices a worker may use. One of the workers is asked, because its limits
    /// and variables may differ from those of this process.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="SnakepitException">The call could not be made or completed; the type of the exception says why.</exception>
    public Task<HardwareFacts> GetHardwareAsync(CancellationToken cancellationToken = default) => ExecuteAsync(
        "snakepit.hardware", HardwareTypes.Default.HardwareFacts, new CallOptions { Idempotent = true }, cancellationToken);

    /// <summary>Takes a snapshot of the pool's workers, queue, sessions and calls.</summary>
    public PoolStatistics GetStatistics()
    {
        var calls = _calls.Snapshot();
        var template = _source.Template;
        return _pool.Snapshot(calls, template is null ? null : template with { IsShared = !_ownsSource });
    }

    private static async Task<SnakepitPool> StartDetachedAsync(SnakepitOptions options, CancellationToken cancellationToken)
    {
        var launch = await PoolPreparation.PrepareAsync(options, cancellationToken).ConfigureAwait(false);
        IWorkerSource source = options.WorkerStart == WorkerStart.Fork
            ? await ForkSource.StartAsync(options, launch).ConfigureAwait(false)
            : new SpawnSource(new ProcessLauncher(launch, options.LoggerFactory));
        return await StartFromAsync(options, source, ownsSource: true, cancellationToken).ConfigureAwait(false);
    }
}
