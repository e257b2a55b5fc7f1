using Microsoft.Extensions.Logging;
using Snakepit.Protocol.V1;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit.Pooling;

/// <summary>
/// Asks a worker for the list of its tools. The request occupies the worker's capacity as a call does. A worker that does not answer is
/// replaced, like a worker that ignores a cancellation.
/// </summary>
/// <param name="pool">The pool that leases the worker.</param>
/// <param name="background">Waits for a worker's answer after the caller has stopped waiting for it.</param>
/// <param name="timeout">The time that the caller waits for the answer.</param>
/// <param name="grace">
/// The additional time that the worker may take to answer, after the caller's wait has ended, before it is replaced.
/// </param>
/// <param name="time">The clock for both times.</param>
/// <param name="logger">The pool's logger.</param>
internal sealed class ToolLister(
    WorkerPool pool, BackgroundWork background, TimeSpan timeout, TimeSpan grace, TimeProvider time, ILogger logger)
{
    /// <exception cref="CallTimeoutException">The worker did not answer in time.</exception>
    /// <exception cref="SnakepitException">No worker became free, or the worker was lost; the type of the exception says which.</exception>
    public async Task<ToolList> ListAsync(CancellationToken cancellationToken)
    {
        var lease = await pool.LeaseAsync(cancellationToken).ConfigureAwait(false);
        var worker = lease.Worker;
        var listing = worker.Connection.Requests.ListToolsAsync();
        try
        {
            return await listing.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new CallTimeoutException(worker.Number, timeout);
        }
        catch (IOException exception)
        {
            throw background.Stopping.IsCancellationRequested
                ? new PoolStoppedException("a worker was asked for its tools", hadBegun: true)
                : new WorkerLostException(
                    worker.Number, await worker.EndAsync().ConfigureAwait(false), "its process ended while it listed its tools", exception);
        }
        finally
        {
            if (listing.IsCompletedSuccessfully)
            {
                pool.ReturnUnused(lease, session: null);
            }
            else
            {
                background.Run(() => ReturnAfterAsync(listing, lease));
            }
        }
    }

    /// <summary>Returns the lease once the worker has answered, although no caller waits for the answer any more.</summary>
    private async Task ReturnAfterAsync(Task listing, WorkerLease lease)
    {
        _ = listing.ContinueWith(static ended => ended.Exception, TaskScheduler.Default); // marks an exception as observed
        if (await listing.EndsWithinAsync(grace, time, background.Stopping).ConfigureAwait(false))
        {
            pool.ReturnUnused(lease, session: null); // has no effect if the worker was lost
        }
        else if (!background.Stopping.IsCancellationRequested)
        {
            logger.ListingIgnored(lease.Worker.Number, grace);
            pool.Retire(lease.Worker);
        }
    }
}
