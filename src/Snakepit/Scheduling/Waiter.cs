namespace Snakepit.Scheduling;

/// <summary>
/// A caller in a wait queue. A derived class in the pool implements what happens when the caller gets a worker or is refused.
/// </summary>
/// <param name="session">The session that the call belongs to, if any.</param>
/// <param name="since">The timestamp of the pool's clock at which the caller began to wait.</param>
internal class Waiter(SessionEntry? session = null, long since = 0)
{
    // The links and the order of the wait queue. Only the wait queues and PoolState use these fields, under the pool's lock.
    internal WaitQueue? Queue;
    internal Waiter? Next, Previous;
    internal long Ticket;

    /// <summary>The session that the call belongs to, if any.</summary>
    public SessionEntry? Session => session;

    /// <summary>The timestamp of the pool's clock at which the caller began to wait.</summary>
    public long Since { get; protected set; } = since;
}
