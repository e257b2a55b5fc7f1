using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Google.Protobuf;
using Snakepit.Pooling;
using Snakepit.Processes;
using Snakepit.Protocol;
using Snakepit.Protocol.Grpc;
using Snakepit.Workers;

namespace Snakepit;

/// <summary>
/// A pool of Python worker processes. Calls are served first come, first served, one at a time by each worker. All members are safe to use
/// from many threads at once.
/// </summary>
public sealed class SnakepitPool : IAsyncDisposable
{
    private readonly SnakepitOptions _options;
    private readonly WorkerPool _pool;
    private readonly WorkerSupervisor _supervisor;
    private readonly IWorkerSource? _ownSource;
    private readonly PayloadCodec _codec;
    private readonly CallCounters _calls = new();
    private readonly Lock _gate = new();
    private Task? _disposal;

    private SnakepitPool(SnakepitOptions options, IWorkerSource source, bool ownsSource)
    {
        _options = options;
        _pool = new WorkerPool(options);
        _supervisor = new WorkerSupervisor(options, _pool, source);
        _ownSource = ownsSource ? source : null;
        _codec = new PayloadCodec(options.Json, options.MaxPayloadBytes);
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
        GrpcWarmUp.Begin();
        var interpreter = await PythonLocator.LocateAsync(options.PythonPath, cancellationToken);
        IWorkerSource source = options.WorkerStart == WorkerStart.Fork
            ? await ForkSource.StartAsync(options, interpreter)
            : new SpawnSource(options, interpreter);
        return await StartFromAsync(options, source, ownsSource: true, cancellationToken);
    }

    internal static async Task<SnakepitPool> StartFromAsync(
        SnakepitOptions options, IWorkerSource source, bool ownsSource, CancellationToken cancellationToken)
    {
        var pool = new SnakepitPool(options, source, ownsSource);
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
    public async Task<T> ExecuteAsync<T>(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        Require(tool, options);
        _calls.Start();
        try
        {
            var value = _codec.Decode<T>(tool, await CallAsync(tool, arguments, options, cancellationToken));
            _calls.End(CallOutcome.Succeeded);
            return value;
        }
        catch (Exception exception)
        {
            _calls.End(CallCounters.OutcomeOf(exception));
            throw;
        }
    }

    /// <summary>Calls a tool for its effect; its result is not looked at.</summary>
    /// <inheritdoc cref="ExecuteAsync{T}"/>
    public async Task ExecuteAsync(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        Require(tool, options);
        _calls.Start();
        try
        {
            await CallAsync(tool, arguments, options, cancellationToken);
            _calls.End(CallOutcome.Succeeded);
        }
        catch (Exception exception)
        {
            _calls.End(CallCounters.OutcomeOf(exception));
            throw;
        }
    }

    /// <summary>
    /// Calls a generator and yields its chunks as they are made. The call begins with the first <c>MoveNextAsync</c>; leaving the
    /// <c>await foreach</c> early closes the generator and frees the worker. A consumer that pauses makes the generator pause.
    /// </summary>
    /// <inheritdoc cref="ExecuteAsync{T}"/>
    public IAsyncEnumerable<T> StreamAsync<T>(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        Require(tool, options);
        return IterateAsync<T>(tool, arguments, options, cancellationToken);
    }

    /// <summary>Asks a worker which tools the adapter offers.</summary>
    /// <exception cref="SnakepitException">No worker became free, or it was lost.</exception>
    public async Task<ImmutableArray<ToolDescription>> ListToolsAsync(CancellationToken cancellationToken = default)
    {
        var worker = await _pool.LeaseAsync(cancellationToken);
        try
        {
            var list = await worker.Connection.ListToolsAsync(cancellationToken);
            return [.. list.Tools.Select(Described)];
        }
        catch (IOException exception)
        {
            throw new WorkerLostException(worker.Number, exit: null, "it ended while it listed its tools", exception);
        }
        finally
        {
            _pool.Return(worker);
        }
    }

    /// <summary>A consistent snapshot of the workers, the queue and the calls so far.</summary>
    public PoolStatistics GetStatistics()
    {
        var (workers, queueLength, restarts) = _pool.Snapshot();
        return new PoolStatistics { Workers = workers, QueueLength = queueLength, Calls = _calls.Snapshot(), Restarts = restarts };
    }

    /// <summary>
    /// Refuses waiting callers, lets running calls end within <see cref="SnakepitOptions.DrainTimeout"/>, and ends every process of the pool.
    /// </summary>
    public ValueTask DisposeAsync()
    {
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

    private static void Require(string tool, CallOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tool);
        if (options?.Timeout is { } timeout)
        {
            SnakepitOptions.RequireDuration(timeout, nameof(CallOptions.Timeout), infinite: true);
        }
    }

    private async Task<ByteString> CallAsync(string tool, object? arguments, CallOptions? options, CancellationToken cancellationToken)
    {
        var encoded = _codec.Encode(tool, arguments);
        var worker = await LeaseAsync(cancellationToken);
        var timeout = options?.Timeout ?? _options.CallTimeout;
        var call = new UnaryCall(tool);
        worker.Connection.Begin(call, encoded, timeout);
        using var limit = new CallLimit(worker, call, timeout, _options.TimeProvider, cancellationToken);
        return await call.Result;
    }

    private async IAsyncEnumerable<T> IterateAsync<T>(
        string tool, object? arguments, CallOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _calls.Start();
        var outcome = CallOutcome.Cancelled; // what it is if the consumer just leaves
        StreamingCall? call = null;
        Worker? worker = null;
        CallLimit? limit = null;
        try
        {
            while (true)
            {
                T value;
                try
                {
                    if (call is null)
                    {
                        var encoded = _codec.Encode(tool, arguments);
                        worker = await LeaseAsync(cancellationToken);
                        var timeout = options?.Timeout ?? _options.StreamTimeout;
                        call = new StreamingCall(tool, _options.StreamBuffer);
                        worker.Connection.Begin(call, encoded, timeout);
                        limit = new CallLimit(worker, call, timeout, _options.TimeProvider, cancellationToken);
                    }

                    var chunk = await call.ReadAsync();
                    cancellationToken.ThrowIfCancellationRequested();
                    if (chunk is null)
                    {
                        outcome = CallOutcome.Succeeded;
                        yield break;
                    }

                    value = _codec.Decode<T>(tool, chunk);
                }
                catch (Exception exception)
                {
                    outcome = CallCounters.OutcomeOf(exception);
                    throw;
                }

                yield return value;
                if (call.Replenish() is > 0 and var credit)
                {
                    worker!.Connection.Grant(call, credit);
                }
            }
        }
        finally
        {
            limit?.Dispose();
            if (call?.Abandon(new OperationCanceledException("The stream's consumer has left.")) == true)
            {
                _ = worker!.ReclaimAsync(call);
            }

            _calls.End(outcome);
        }
    }

    private async ValueTask<Worker> LeaseAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var worker = await _pool.LeaseAsync(cancellationToken);
        if (cancellationToken.IsCancellationRequested)
        {
            _pool.Return(worker);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return worker;
    }

    private async Task StopAsync()
    {
        await Task.Yield(); // leave the lock
        await _supervisor.DisposeAsync();
        if (_ownSource is not null)
        {
            await _ownSource.DisposeAsync();
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
            parameter.DefaultValue.IsEmpty ? null : JsonDocument.Parse(parameter.DefaultValue.Memory).RootElement,
            parameter.CollectsRest))],
        tool.Returns);
}
