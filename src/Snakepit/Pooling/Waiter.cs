using Snakepit.Affinity;

namespace Snakepit.Pooling;

/// <summary>A caller's place in a wait queue. Completed outside the pool's lock, by whoever took it out.</summary>
internal sealed class Waiter(Session? session = null)
{
    private readonly TaskCompletionSource<PoolDecision> _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its queue, its neighbours there and its number in the order of arrival; only <see cref="WaitQueue"/> and its owner touch these.</summary>
    internal WaitQueue? Queue;
    internal Waiter? Next, Previous;
    internal long Ticket;

    /// <summary>The session that it calls for, if any.</summary>
    public Session? Session => session;

    /// <summary>The worker that was leased to this caller, once there is one.</summary>
    public Task<PoolDecision> Granted => _granted.Task;

    public void Grant(PoolDecision decision) => _granted.SetResult(decision);

    public void Refuse(Exception reason) => _granted.SetException(reason);
}
