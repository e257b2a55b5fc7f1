using Microsoft.Extensions.Logging;
using Snakepit.Hosting.Pools;
using Snakepit.Hosting.Telemetry;

namespace Snakepit.Hosting;

/// <summary>
/// A pool that starts and stops with the application. Inject it, instead of <see cref="SnakepitPool"/>, where the pool may not be ready
/// yet: in other hosted services, whose constructors run before any pool starts, and if the pool is <see cref="PoolStartup.Optional"/> or
/// starts in the <see cref="PoolStartup.Background"/>. All members are thread-safe.
/// </summary>
public sealed class HostedPool : IAsyncDisposable
{
    private readonly string _title;
    private readonly Lazy<(SnakepitOptions Options, PoolStartup Startup)> _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<SnakepitPool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private Task _attempts = Task.CompletedTask;
    private Task? _stop;
    private volatile Exception? _lastFailure;

    /// <param name="name">The name of the pool, or null.</param>
    /// <param name="title">What messages call the pool.</param>
    /// <param name="settings">Returns the settings of the pool; may throw what is wrong with them.</param>
    /// <param name="time">The clock of the delays between attempts.</param>
    /// <param name="logger">The logger.</param>
    internal HostedPool(
        string? name, string title, Func<(SnakepitOptions Options, PoolStartup Startup)> settings, TimeProvider time, ILogger logger)
    {
        (Name, _title, _settings, _time, _logger) = (name, title, new(settings), time, logger);
        _ = _ready.Task.ContinueWith(static task => task.Exception, TaskScheduler.Default); // nobody may wait for the pool
    }

    /// <summary>The name of the pool; null for the pool without a name.</summary>
    public string? Name { get; }

    /// <summary>Whether the pool has started. It stays true when the pool has stopped.</summary>
    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>Why the latest attempt to start the pool has failed; null if none has failed, or the pool is ready.</summary>
    public Exception? LastFailure => IsReady ? null : _lastFailure;

    /// <summary>The pool.</summary>
    /// <exception cref="PoolNotStartedException">The pool is not ready.</exception>
    public SnakepitPool Pool => IsReady ? _ready.Task.Result : throw NotStarted();

    /// <summary>Whether no further attempt to start the pool will be made, and it is not ready.</summary>
    internal bool HasGivenUp => _ready.Task.IsFaulted;

    /// <summary>Whether the pool stops or has stopped.</summary>
    internal bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>The options with which the pool is started.</summary>
    internal SnakepitOptions Options => _settings.Value.Options;

    /// <summary>Waits until the pool is ready, and returns it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PoolNotStartedException">The pool cannot start, or the application stops before it is ready.</exception>
    public Task<SnakepitPool> WaitAsync(CancellationToken cancellationToken = default) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>
    /// Ends the pool; running calls may end within <see cref="SnakepitOptions.DrainTimeout"/>. The host does this when it stops.
    /// </summary>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);

    /// <summary>Starts the pool, and waits for it as the settings say.</summary>
    internal Task StartAsync(CancellationToken cancellationToken)
    {
        var (options, startup) = _settings.Value;
        lock (_gate)
        {
            _stopping.Token.ThrowIfCancellationRequested();
            if (startup == PoolStartup.Never)
            {
                _ready.TrySetException(new PoolNotStartedException($"{_title} never starts: its setting Startup says so."));
                return Task.CompletedTask;
            }

            var first = startup == PoolStartup.Background
                ? Task.CompletedTask
                : Task.Run(() => FirstAttemptAsync(options, startup, cancellationToken), CancellationToken.None);
            _attempts = startup == PoolStartup.Required ? first : Task.Run(() => RepeatAsync(first, options), CancellationToken.None);
            return first;
        }
    }

    /// <summary>
    /// Ends the attempts to start the pool, and the pool. When the token is cancelled, running calls are not waited for any longer.
    /// </summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        Task attempts;
        lock (_gate)
        {
            attempts = _attempts;
            _stop ??= _stopping.CancelAsync();
        }

        await _stop.ConfigureAwait(false);
        await attempts.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ready.TrySetException(new PoolNotStartedException($"{_title} was not ready when the application stopped.", _lastFailure));
        if (IsReady)
        {
            await Pool.StopAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes the attempt that the start of the host waits for. A failure is thrown only if the pool is required.</summary>
    private async Task FirstAttemptAsync(SnakepitOptions options, PoolStartup startup, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        try
        {
            await AttemptAsync(options, either.Token).ConfigureAwait(false);
        }
        catch (PoolStartException) when (startup == PoolStartup.Optional)
        {
            // The attempts that follow have kept the exception, and log it.
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            GiveUp(exception);
            throw;
        }
    }

    /// <summary>Tries to start the pool until it is ready or the application stops.</summary>
    private async Task RepeatAsync(Task first, SnakepitOptions options)
    {
        var backoff = new StartBackoff();
        await first.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            while (!_ready.Task.IsCompleted)
            {
                if (_lastFailure is { } failure)
                {
                    var delay = backoff.Next();
                    _logger.StartRepeated(_title, delay, failure);
                    await Task.Delay(delay, _time, _stopping.Token).ConfigureAwait(false);
                }

                await TryAsync(options).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The application stops.
        }
        catch (Exception exception)
        {
            GiveUp(exception); // no failure of a start, so another attempt would be of no use; LastFailure and the log tell it
        }
    }

    private async Task TryAsync(SnakepitOptions options)
    {
        try
        {
            await AttemptAsync(options, _stopping.Token).ConfigureAwait(false);
        }
        catch (PoolStartException)
        {
            // Is told, and followed by another attempt, in the caller's loop.
        }
    }

    private async Task AttemptAsync(SnakepitOptions options, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        try
        {
            _ready.SetResult(await SnakepitPool.StartAsync(options, cancellationToken).ConfigureAwait(false));
            _logger.PoolReady(_title, _time.GetElapsedTime(began).TotalMilliseconds);
        }
        catch (PoolStartException exception)
        {
            _lastFailure = exception;
            throw;
        }
    }

    private PoolNotStartedException NotStarted() => _ready.Task.Exception?.InnerException is PoolNotStartedException end
        ? new(end.Message, end.InnerException)
        : _lastFailure is { } failure
            ? new($"{_title} has not started: {failure.Message}", failure)
            : new($"{_title} has not started yet. It starts with the host: take it from the container later, such as in a handler of a "
                + $"request, or inject {nameof(HostedPool)} and await {nameof(WaitAsync)}.");

    private void GiveUp(Exception exception)
    {
        _lastFailure = exception;
        _logger.StartFailed(_title, exception);
        _ready.TrySetException(new PoolNotStartedException($"{_title} cannot start: {exception.Message}", exception));
    }
}
