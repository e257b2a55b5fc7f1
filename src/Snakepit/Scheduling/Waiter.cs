namespace Snakepit.Scheduling;

/// <summary>
/// A caller in a wait queue. A class of the pool derives from this one and adds what happens when the caller's turn comes.
/// </summary>
/// <param name="session">The session that the call belongs to, if any.</param>
/// <param name="since">When the caller began to wait, as a timestamp of the pool's clock.</param>
internal class Waiter(SessionEntry? session = null, long since = 0)
{
    // Links and order of the queue. Only WaitQueue and PoolState use them, under the pool's lock.
    internal WaitQueue? Queue;
    internal Waiter? Next, Previous;
    internal long Ticket;

    /// <summary>The session that the call belongs to, if any.</summary>
    public SessionEntry? Session => session;

    /// <summary>When the caller began to wait, as a timestamp of the pool's clock.</summary>
    public long Since { get; protected set; } = since;
}
