namespace Snakepit.Pooling;

/// <summary>A caller's place in the wait queue. Completed outside the pool's lock, by whoever took it out.</summary>
internal sealed class Waiter
{
    private readonly TaskCompletionSource<int> _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its neighbours while it is queued; only <see cref="WaitQueue"/> touches these.</summary>
    internal Waiter? Next, Previous;
    internal bool IsQueued;

    /// <summary>The worker that was leased to this caller, once there is one.</summary>
    public Task<int> Granted => _granted.Task;

    public void Grant(int worker) => _granted.SetResult(worker);

    public void Refuse(Exception reason) => _granted.SetException(reason);
}
