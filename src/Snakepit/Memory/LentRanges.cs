namespace Snakepit.Memory;

/// <summary>
/// The ranges of this process's memory that one worker may read. Each was sent for a call, and is lent until the call has ended and the
/// worker does not use it any more.
/// </summary>
internal sealed class LentRanges
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, List<SharedRange>> _ofCalls = [];
    private volatile int _count; // of calls for which something is lent
    private long _bytes;
    private bool _isClosed;

    /// <summary>How many bytes are lent. A range that is lent for two calls counts twice.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Lends ranges for a call. Returns false if they are not in use any more, because the caller has left.</summary>
    /// <param name="call">The id of the call.</param>
    /// <param name="ranges">The ranges.</param>
    /// <param name="isRunning">Tells whether the worker still runs the call; otherwise nothing would end the loan.</param>
    public bool TryLend(ulong call, IReadOnlyList<SharedRange> ranges, Func<bool> isRunning)
    {
        lock (_gate)
        {
            if (_isClosed || !isRunning())
            {
                return false;
            }

            var lent = new List<SharedRange>(ranges.Count);
            foreach (var range in ranges)
            {
                if (!range.TryUse())
                {
                    lent.ForEach(static one => one.Release());
                    return false;
                }

                lent.Add(range);
            }

            _bytes += lent.Sum(static range => (long)range.Length);

            if (_ofCalls.TryGetValue(call, out var earlier))
            {
                earlier.AddRange(lent);
            }
            else
            {
                _ofCalls[call] = lent;
                _count = _ofCalls.Count;
            }

            return true;
        }
    }

    /// <summary>Takes back what was lent for a call. Does nothing if nothing was.</summary>
    public void TakeBack(ulong call)
    {
        if (_count == 0)
        {
            return; // so nothing was lent for this call, because that happens before the worker knows of the call
        }

        lock (_gate)
        {
            if (_ofCalls.Remove(call, out var lent))
            {
                _count = _ofCalls.Count;
                _bytes -= lent.Sum(static range => (long)range.Length);
                lent.ForEach(static range => range.Release());
            }
        }
    }

    /// <summary>Takes back what was lent for some calls.</summary>
    public void TakeBack(IEnumerable<ulong> calls)
    {
        foreach (var call in calls)
        {
            TakeBack(call);
        }
    }

    /// <summary>Takes back everything, because the worker has ended. Nothing can be lent afterwards.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var range in _ofCalls.Values.SelectMany(static lent => lent))
            {
                range.Release();
            }

            _ofCalls.Clear();
            (_count, _bytes) = (0, 0);
        }
    }
}
