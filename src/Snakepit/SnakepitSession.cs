using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Snakepit.Contracts;
using Snakepit.Payloads;
using Snakepit.Pooling;
using Snakepit.Scheduling;

namespace Snakepit;

/// <summary>
/// A session: calls that share state. The calls go to one worker, where <c>ctx.session.state</c> is a dictionary that is kept from call to
/// call; <see cref="Affinity"/> says what a call does while that worker is busy. The worker is chosen at the first call. All objects with
/// the same key belong to the same session. The session's state is dropped when one of these objects is disposed, when the session is not
/// used for <see cref="SessionOptions.IdleTimeout"/>, or when the worker ends. All members are thread-safe.
/// </summary>
public sealed class SnakepitSession : IAsyncDisposable
{
    private readonly SessionEntry _session;
    private readonly WorkerPool _pool;
    private readonly CallRunner _calls;

    internal SnakepitSession(SessionEntry session, WorkerPool pool, CallRunner calls) => (_session, _pool, _calls) = (session, pool, calls);

    /// <summary>The key of the session, which Python sees as <c>ctx.session.key</c>.</summary>
    public string Key => _session.Key;

    /// <summary>What a call of the session does when the session's worker is busy.</summary>
    public AffinityMode Affinity => _session.Mode;

    /// <summary>The number of the worker that keeps the session's state; null before the first call and after the state was lost.</summary>
    public int? Worker => _pool.StatusOf(_session).Home is not 0 and var home ? home : null;

    /// <summary>
    /// The reason why the session's state was last lost; null if the state was never lost. If only the worker has ended, a session with
    /// <see cref="AffinityMode.Prefer"/> goes on with an empty state. After any other loss, calls throw <see cref="SessionLostException"/>.
    /// </summary>
    public SessionLoss? Loss => _pool.StatusOf(_session).Loss;

    /// <summary>Calls a tool and returns its result.</summary>
    /// <inheritdoc cref="SnakepitPool.ExecuteAsync{T}(string, object?, CallOptions?, CancellationToken)"/>
    /// <exception cref="SessionLostException">The session's state was lost, or the session has ended.</exception>
    /// <exception cref="SessionBusyException">
    /// No worker that may run the call is free, and the session's affinity is <see cref="AffinityMode.FailFast"/>.
    /// </exception>
    [RequiresUnreferencedCode(ReflectedTypes.WhenTrimmed)]
    [RequiresDynamicCode(ReflectedTypes.WhenAheadOfTime)]
    public Task<T> ExecuteAsync<T>(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.ExecuteAsync<T>(_session, tool, arguments, ReflectedTypes.Instance, options, cancellationToken);

    /// <summary>Calls a tool and ignores its result.</summary>
    /// <inheritdoc cref="ExecuteAsync{T}(string, object?, CallOptions?, CancellationToken)"/>
    [RequiresUnreferencedCode(ReflectedTypes.WhenTrimmed)]
    [RequiresDynamicCode(ReflectedTypes.WhenAheadOfTime)]
    public Task ExecuteAsync(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.ExecuteAsync(_session, tool, arguments, ReflectedTypes.Instance, options, cancellationToken);

    /// <summary>Calls a generator and returns its chunks as they are produced.</summary>
    /// <inheritdoc cref="ExecuteAsync{T}(string, object?, CallOptions?, CancellationToken)"/>
    [RequiresUnreferencedCode(ReflectedTypes.WhenTrimmed)]
    [RequiresDynamicCode(ReflectedTypes.WhenAheadOfTime)]
    public IAsyncEnumerable<T> StreamAsync<T>(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.StreamAsync<T>(_session, tool, arguments, ReflectedTypes.Instance, options, cancellationToken);

    /// <summary>Calls a tool and returns its result. It uses no reflection.</summary>
    /// <inheritdoc cref="SnakepitPool.ExecuteAsync{TArguments, TResult}"/>
    /// <exception cref="SessionLostException">The session's state was lost, or the session has ended.</exception>
    /// <exception cref="SessionBusyException">
    /// No worker that may run the call is free, and the session's affinity is <see cref="AffinityMode.FailFast"/>.
    /// </exception>
    public Task<TResult> ExecuteAsync<TArguments, TResult>(
        string tool,
        TArguments arguments,
        JsonTypeInfo<TArguments> argumentsType,
        JsonTypeInfo<TResult> resultType,
        CallOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var (given, types) = (DescribedArguments.Of(arguments, argumentsType), DescribedTypes.Of(resultType, nameof(resultType)));
        return _calls.ExecuteAsync<TResult>(_session, tool, given, types, options, cancellationToken);
    }

    /// <summary>Calls a tool without arguments and returns its result. It uses no reflection.</summary>
    /// <inheritdoc cref="ExecuteAsync{TArguments, TResult}"/>
    public Task<TResult> ExecuteAsync<TResult>(
        string tool, JsonTypeInfo<TResult> resultType, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.ExecuteAsync<TResult>(
            _session, tool, arguments: null, DescribedTypes.Of(resultType, nameof(resultType)), options, cancellationToken);

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
        return _calls.ExecuteAsync(_session, tool, given, types, options, cancellationToken);
    }

    /// <summary>Calls a generator and returns its chunks as they are produced. It uses no reflection.</summary>
    /// <inheritdoc cref="SnakepitPool.StreamAsync{TArguments, TChunk}"/>
    public IAsyncEnumerable<TChunk> StreamAsync<TArguments, TChunk>(
        string tool,
        TArguments arguments,
        JsonTypeInfo<TArguments> argumentsType,
        JsonTypeInfo<TChunk> chunkType,
        CallOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var (given, types) = (DescribedArguments.Of(arguments, argumentsType), DescribedTypes.Of(chunkType, nameof(chunkType)));
        return _calls.StreamAsync<TChunk>(_session, tool, given, types, options, cancellationToken);
    }

    /// <summary>Calls a generator without arguments and returns its chunks as they are produced. It uses no reflection.</summary>
    /// <inheritdoc cref="StreamAsync{TArguments, TChunk}"/>
    public IAsyncEnumerable<TChunk> StreamAsync<TChunk>(
        string tool, JsonTypeInfo<TChunk> chunkType, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.StreamAsync<TChunk>(
            _session, tool, arguments: null, DescribedTypes.Of(chunkType, nameof(chunkType)), options, cancellationToken);

    /// <summary>Ends the session: its state is dropped, its waiting calls are refused, and its running calls go on.</summary>
    public ValueTask DisposeAsync()
    {
        _pool.EndSession(_session);
        return ValueTask.CompletedTask;
    }
}
