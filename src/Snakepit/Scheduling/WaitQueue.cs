namespace Snakepit.Scheduling;

/// <summary>
/// A queue of waiting callers in the order of their tickets (numbers given at arrival). It is a linked list, so that a caller that cancels
/// can leave from the middle in constant time.
/// </summary>
internal sealed class WaitQueue
{
    private Waiter? _last;

    /// <summary>The caller with the lowest ticket; null if the queue is empty.</summary>
    public Waiter? First { get; private set; }

    public int Count { get; private set; }

    /// <summary>
    /// Inserts a waiting caller by its ticket. Its place is the end of the queue, except for a caller that moves here from another queue.
    /// </summary>
    public void Enqueue(Waiter waiter)
    {
        var before = _last;
        while (before is not null && before.Ticket > waiter.Ticket)
        {
            before = before.Previous;
        }

        var after = before is null ? First : before.Next;
        (waiter.Queue, waiter.Previous, waiter.Next) = (this, before, after);
        if (before is null)
        {
            First = waiter;
        }
        else
        {
            before.Next = waiter;
        }

        if (after is null)
        {
            _last = waiter;
        }
        else
        {
            after.Previous = waiter;
        }

        Count++;
    }

    public Waiter? Dequeue()
    {
        var waiter = First;
        if (waiter is not null)
        {
            Remove(waiter);
        }

        return waiter;
    }

    /// <summary>Takes a waiting caller out. Returns false if the caller is not in this queue.</summary>
    public bool Remove(Waiter waiter)
    {
        if (waiter.Queue != this)
        {
            return false;
        }

        if (waiter.Previous is null)
        {
            First = waiter.Next;
        }
        else
        {
            waiter.Previous.Next = waiter.Next;
        }

        if (waiter.Next is null)
        {
            _last = waiter.Previous;
        }
        else
        {
            waiter.Next.Previous = waiter.Previous;
        }

        (waiter.Next, waiter.Previous, waiter.Queue) = (null, null, null);
        Count--;
        return true;
    }
}
