using System.Threading.Tasks.Sources;

namespace Snakepit.Scheduling;

/// <summary>A caller's place in a wait queue. Told outside the pool's lock, once, by whoever took it out.</summary>
/// <param name="session">The session that it calls for, if any.</param>
/// <param name="since">When it came, as the pool's clock counts.</param>
internal sealed class Waiter(SessionEntry? session = null, long since = 0) : ISuccessor, IValueTaskSource<PoolDecision>
{
    // Continuations run where it is completed: who may not run one there sends it to the thread pool.
    private ManualResetValueTaskSourceCore<PoolDecision> _granted;
    private PoolDecision _decision;

    /// <summary>Its queue, its neighbours there and its number in the order of arrival; only <see cref="WaitQueue"/> and its owner touch these.</summary>
    internal WaitQueue? Queue;
    internal Waiter? Next, Previous;
    internal long Ticket;

    /// <summary>The session that it calls for, if any.</summary>
    public SessionEntry? Session => session;

    /// <summary>When it came, as the pool's clock counts; who comes later has waited less.</summary>
    public long Since => since;

    /// <summary>
    /// The worker that was leased to this caller, once there is one; waited for once. Until its call has been sent it may be on a thread that others
    /// wait for: it must leave that thread before code of the user's runs.
    /// </summary>
    public ValueTask<PoolDecision> Granted => new(this, _granted.Version);

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

    PoolDecision IValueTaskSource<PoolDecision>.GetResult(short token) => _granted.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<PoolDecision>.GetStatus(short token) => _granted.GetStatus(token);

    void IValueTaskSource<PoolDecision>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _granted.OnCompleted(continuation, state, token, flags);
}
