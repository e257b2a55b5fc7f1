namespace Snakepit.Scheduling;

/// <summary>Callers without a worker, in the order of their tickets; leaving from the middle costs the same as from an end.</summary>
internal sealed class WaitQueue
{
    private Waiter? _last;

    /// <summary>Who has waited longest.</summary>
    public Waiter? First { get; private set; }

    public int Count { get; private set; }

    /// <summary>Puts a waiter behind all whose tickets are lower; nearly always, that is the end.</summary>
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

    /// <summary>Takes a waiter out; false if it has left already.</summary>
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
