namespace Snakepit.Pooling;

/// <summary>Callers without a worker, first come, first served; leaving from the middle costs the same as from an end.</summary>
internal sealed class WaitQueue
{
    private Waiter? _first, _last;

    public int Count { get; private set; }

    public void Enqueue(Waiter waiter)
    {
        waiter.IsQueued = true;
        waiter.Previous = _last;
        if (_last is null)
        {
            _first = waiter;
        }
        else
        {
            _last.Next = waiter;
        }

        _last = waiter;
        Count++;
    }

    public Waiter? Dequeue()
    {
        var waiter = _first;
        if (waiter is not null)
        {
            Remove(waiter);
        }

        return waiter;
    }

    /// <summary>Takes a waiter out; false if it has left already.</summary>
    public bool Remove(Waiter waiter)
    {
        if (!waiter.IsQueued)
        {
            return false;
        }

        if (waiter.Previous is null)
        {
            _first = waiter.Next;
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

        (waiter.Next, waiter.Previous, waiter.IsQueued) = (null, null, false);
        Count--;
        return true;
    }
}
