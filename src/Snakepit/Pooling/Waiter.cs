using Snakepit.Affinity;
using Snakepit.Protocol;

namespace Snakepit.Pooling;

/// <summary>A caller's place in a wait queue. Told outside the pool's lock, by whoever took it out.</summary>
internal sealed class Waiter(Session? session = null) : ISuccessor
{
    // Continuations run where it is completed: who may not run one there sends it to the thread pool.
    private readonly TaskCompletionSource<PoolDecision> _granted = new();
    private PoolDecision _decision;

    /// <summary>Its queue, its neighbours there and its number in the order of arrival; only <see cref="WaitQueue"/> and its owner touch these.</summary>
    internal WaitQueue? Queue;
    internal Waiter? Next, Previous;
    internal long Ticket;

    /// <summary>The session that it calls for, if any.</summary>
    public Session? Session => session;

    /// <summary>
    /// The worker that was leased to this caller, once there is one. Until its call has been sent it may be on a thread that others wait for: it
    /// must leave that thread before code of the user's runs.
    /// </summary>
    public Task<PoolDecision> Granted => _granted.Task;

    /// <summary>What <see cref="Begin"/> will tell.</summary>
    public ISuccessor With(PoolDecision decision)
    {
        _decision = decision;
        return this;
    }

    public void Begin(bool here)
    {
        if (here)
        {
            _granted.SetResult(_decision);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(static waiter => waiter._granted.SetResult(waiter._decision), this, preferLocal: true);
        }
    }

    public void Refuse(Exception reason) => ThreadPool.UnsafeQueueUserWorkItem(
        static refusal => refusal.Waiter._granted.SetException(refusal.Reason), (Waiter: this, Reason: reason), preferLocal: true);
}
