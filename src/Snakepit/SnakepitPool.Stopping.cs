using Snakepit.Pooling;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit;

/// <content>How a pool ends.</content>
public sealed partial class SnakepitPool
{
    private readonly Lock _gate = new();
    private Task? _disposal;

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
            return new ValueTask(_disposal ??= Detached.RunAsync(EndAsync));
        }
    }

    /// <summary>
    /// Stops the pool as <see cref="DisposeAsync"/> does, and waits for running calls no longer when the token is cancelled: their workers
    /// then get SIGTERM at once, and SIGKILL after <see cref="SnakepitOptions.TerminateTimeout"/>.
    /// </summary>
    /// <param name="cancellationToken">
    /// Ends the wait for running calls. It does not end the stop: no process is left when the method returns.
    /// </param>
    /// <exception cref="InvalidOperationException">As for <see cref="DisposeAsync"/>.</exception>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var stopping = DisposeAsync();
        await using (cancellationToken.UnsafeRegister(static supervisor => ((WorkerSupervisor)supervisor!).EndDrain(), _supervisor)
            .ConfigureAwait(false))
        {
            await stopping.ConfigureAwait(false);
        }
    }

    private async Task EndAsync()
    {
        using var reported = _telemetry; // reported until nothing is left of the pool
        await _supervisor.DisposeAsync().ConfigureAwait(false);
        if (_ownsSource)
        {
            await _source.DisposeAsync().ConfigureAwait(false);
        }
    }
}
