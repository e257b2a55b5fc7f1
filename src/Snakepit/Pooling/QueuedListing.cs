namespace Snakepit.Pooling;

/// <summary>A request for a worker's tools in the wait queue.</summary>
internal sealed class QueuedListing(WorkerPool pool, long since, CancellationToken cancellationToken)
    : QueuedLease(pool, session: null, since, cancellationToken)
{
    private readonly WorkerPool _pool = pool;
    private readonly TaskCompletionSource<WorkerLease> _lease = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The worker to ask.</summary>
    public Task<WorkerLease> Lease => _lease.Task;

    protected override void OnGranted(WorkerLease lease)
    {
        if (!_lease.TrySetResult(lease))
        {
            _pool.ReturnUnused(lease, session: null);
        }
    }

    protected override void OnRefused(Exception reason) => _lease.TrySetException(reason);
}
