namespace Snakepit.Pooling;

/// <summary>A request in the wait queue that will ask a worker for the list of its tools.</summary>
internal sealed class QueuedListing(WorkerPool pool, long since, CancellationToken cancellationToken)
    : QueuedLease(pool, session: null, since, cancellationToken)
{
    private readonly TaskCompletionSource<WorkerLease> _lease = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the worker to ask for its tools.</summary>
    public Task<WorkerLease> Lease => _lease.Task;

    protected override void OnGranted(WorkerLease lease)
    {
        if (!_lease.TrySetResult(lease))
        {
            Pool.ReturnUnused(lease, session: null);
        }
    }

    protected override void OnRefused(Exception reason) => _lease.TrySetException(reason);
}
