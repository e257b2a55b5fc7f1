using System.Collections.Immutable;

namespace Snakepit.Scheduling;

/// <summary>
/// All wait queues of a pool. Callers whose session needs one certain worker wait in that worker's own queue (they are pinned to it), all
/// other callers in the shared queue. Ticket numbers record the order of arrival across the queues.
/// </summary>
internal sealed class WaitQueues(WorkerTable workers)
{
    private readonly WaitQueue _shared = new();
    private long _lastTicket;

    /// <summary>The number of callers in all queues together.</summary>
    public int Count { get; private set; }

    public void Enqueue(Waiter waiter)
    {
        waiter.Ticket = ++_lastTicket;
        Count++;
        waiter.Session?.BeginWait();
        QueueOf(waiter.Session).Enqueue(waiter);
    }

    /// <summary>Takes a waiting caller out of its queue.</summary>
    public void Remove(Waiter waiter, TimeSpan now = default)
    {
        waiter.Queue!.Remove(waiter);
        Count--;
        waiter.Session?.EndWait(now);
    }

    /// <summary>
    /// Returns the caller that this worker should serve next: the earliest of all callers that it may serve. Returns null if no such caller
    /// waits.
    /// </summary>
    public Waiter? NextFor(WorkerEntry worker)
    {
        var (pinned, any) = (worker.Pinned.First, _shared.First);
        return pinned is null || (any is not null && any.Ticket < pinned.Ticket) ? any : pinned;
    }

    /// <summary>
    /// Pins the waiting calls of a session to the worker that now keeps the session's state: from now on they wait for that worker only.
    /// </summary>
    public void Pin(SessionEntry session, WorkerEntry home)
    {
        if (session.Waiting == 0 || session.Mode == AffinityMode.Prefer)
        {
            return;
        }

        foreach (var waiter in WaitersOf(session, _shared))
        {
            _shared.Remove(waiter);
            home.Pinned.Enqueue(waiter);
        }
    }

    /// <summary>
    /// Takes out and refuses all callers that began to wait at <paramref name="since"/> or before, in their order of arrival.
    /// </summary>
    /// <param name="since">A timestamp of the pool's clock, like <see cref="Waiter.Since"/>.</param>
    /// <param name="now">The current time, until which the sessions of the refused callers count as used.</param>
    /// <param name="oldest">
    /// The timestamp at which the first of the remaining callers began to wait; <see cref="long.MaxValue"/> if no caller remains.
    /// </param>
    public ImmutableArray<PoolDecision> RefuseOverdue(long since, TimeSpan now, out long oldest)
    {
        var refused = ImmutableArray.CreateBuilder<PoolDecision>();
        oldest = long.MaxValue;
        foreach (var queue in workers.All.Select(entry => entry.Pinned).Prepend(_shared))
        {
            while (queue.First is { } waiter && waiter.Since <= since)
            {
                Refuse(waiter, PoolAction.RefuseOverdue, refused, now);
            }

            oldest = Math.Min(oldest, queue.First?.Since ?? long.MaxValue);
        }

        refused.Sort(static (one, other) => one.Waiter!.Ticket.CompareTo(other.Waiter!.Ticket));
        return refused.ToImmutable();
    }

    /// <summary>Refuses all waiting calls of a session that has ended.</summary>
    public void RefuseSession(SessionEntry session, ImmutableArray<PoolDecision>.Builder refused)
    {
        if (session.Waiting == 0)
        {
            return;
        }

        foreach (var waiter in WaitersOf(session, QueueOf(session)))
        {
            Refuse(waiter, PoolAction.RefuseSessionLost, refused, now: default);
            if (session.Waiting == 0)
            {
                break;
            }
        }
    }

    /// <summary>Refuses all callers in the shared queue.</summary>
    public void RefuseShared(PoolAction reason, ImmutableArray<PoolDecision>.Builder refused, TimeSpan now = default) =>
        RefuseAll(_shared, reason, refused, now);

    /// <summary>Refuses all callers that wait for this worker only.</summary>
    public void RefusePinned(WorkerEntry worker, PoolAction reason, ImmutableArray<PoolDecision>.Builder refused) =>
        RefuseAll(worker.Pinned, reason, refused, now: default);

    private void RefuseAll(WaitQueue queue, PoolAction reason, ImmutableArray<PoolDecision>.Builder refused, TimeSpan now)
    {
        while (queue.First is { } waiter)
        {
            Refuse(waiter, reason, refused, now);
        }
    }

    private void Refuse(Waiter waiter, PoolAction reason, ImmutableArray<PoolDecision>.Builder refused, TimeSpan now)
    {
        Remove(waiter, now);
        refused.Add(new PoolDecision(reason, Waiter: waiter));
    }

    private WaitQueue QueueOf(SessionEntry? session) =>
        session is { Home: not 0, Mode: not AffinityMode.Prefer } && workers.Find(session.Home) is { } home ? home.Pinned : _shared;

    /// <summary>
    /// Enumerates the waiting calls of a session in their order of arrival. Each call may be removed from the queue before the enumeration
    /// goes on.
    /// </summary>
    private static IEnumerable<Waiter> WaitersOf(SessionEntry session, WaitQueue queue)
    {
        for (var (waiter, next) = (queue.First, default(Waiter)); waiter is not null; waiter = next)
        {
            next = waiter.Next;
            if (waiter.Session == session)
            {
                yield return waiter;
            }
        }
    }
}
