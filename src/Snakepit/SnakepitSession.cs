using Snakepit.Pooling;
using Snakepit.Scheduling;

namespace Snakepit;

/// <summary>
/// Calls that belong together: they go to one worker, where <c>ctx.session.state</c> is a dictionary that lives from call to call. The worker is
/// chosen at the first call. Handles with the same key are the same session; the state goes when any of them is disposed, when nobody uses the
/// session for <see cref="SessionOptions.IdleTimeout"/>, or with its worker. All members are safe to use from many threads at once.
/// </summary>
public sealed class SnakepitSession : IAsyncDisposable
{
    private readonly SessionEntry _session;
    private readonly WorkerPool _pool;
    private readonly CallRunner _calls;

    internal SnakepitSession(SessionEntry session, WorkerPool pool, CallRunner calls) => (_session, _pool, _calls) = (session, pool, calls);

    /// <summary>The key, as Python sees it.</summary>
    public string Key => _session.Key;

    /// <summary>What a call does when the session's worker is busy.</summary>
    public AffinityMode Affinity => _session.Mode;

    /// <summary>The number of the worker that keeps the state; null before the first call and after a loss.</summary>
    public int? Worker => _session.Home is not 0 and var home ? home : null;

    /// <summary>Why the state was last lost; null if it never was. Calls of a session that only prefers its worker go on after a loss.</summary>
    public SessionLoss? Loss => _session.Loss;

    /// <summary>Calls a tool and returns its result.</summary>
    /// <inheritdoc cref="SnakepitPool.ExecuteAsync{T}"/>
    /// <exception cref="SessionLostException">The state has gone.</exception>
    /// <exception cref="SessionBusyException">The worker is busy, and the session does not wait.</exception>
    public Task<T> ExecuteAsync<T>(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.ExecuteAsync<T>(_session, tool, arguments, options, cancellationToken);

    /// <summary>Calls a tool for its effect; its result is not looked at.</summary>
    /// <inheritdoc cref="ExecuteAsync{T}"/>
    public Task ExecuteAsync(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.ExecuteAsync(_session, tool, arguments, options, cancellationToken);

    /// <summary>Calls a generator and yields its chunks as they are made.</summary>
    /// <inheritdoc cref="ExecuteAsync{T}"/>
    public IAsyncEnumerable<T> StreamAsync<T>(
        string tool, object? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _calls.StreamAsync<T>(_session, tool, arguments, options, cancellationToken);

    /// <summary>Ends the session: its state is dropped, its waiting calls are refused, its running ones go on.</summary>
    public ValueTask DisposeAsync()
    {
        _pool.EndSession(_session)?.Connection.EndSession(_session);
        return ValueTask.CompletedTask;
    }
}
