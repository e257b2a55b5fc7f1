namespace Snakepit.Threading;

/// <summary>
/// One timer for many moments: it rings at the earliest of them or a little later, and not again until it is set again. Nobody takes a moment back:
/// an alarm that has lost its reason costs its owner a look in vain, a timer for everybody would cost everybody something. Its owner's lock is held
/// whenever it is set.
/// </summary>
internal sealed class DeadlineTimer : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _due = long.MaxValue;

    /// <param name="time">The clock that counts.</param>
    /// <param name="ring">What is to be done, on the thread pool, without the lock.</param>
    public DeadlineTimer(TimeProvider time, Action ring)
    {
        _time = time;
        _timer = time.CreateTimer(static ring => ((Action)ring!)(), ring, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Makes sure that it rings when the clock's timestamp is <paramref name="due"/>; never for the largest number.</summary>
    public void Set(long due)
    {
        if (due < _due)
        {
            _due = due;

            // In whole milliseconds, as timers count.
            var left = Math.Ceiling(_time.GetElapsedTime(_time.GetTimestamp(), due).TotalMilliseconds);
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, left)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>It has rung, and is set for nothing any more.</summary>
    public void HasRung() => _due = long.MaxValue;

    public void Dispose() => _timer.Dispose();
}
