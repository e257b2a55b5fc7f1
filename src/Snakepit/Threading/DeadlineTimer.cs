namespace Snakepit.Threading;

/// <summary>
/// One timer for many deadlines. It fires at the earliest one, or a little later, and then not again until it is set again. Deadlines are
/// never removed: a stale one costs one needless check, while a timer for each would cost every call something. The owner holds its lock
/// whenever it calls <see cref="Set"/> or <see cref="Fired"/>.
/// </summary>
internal sealed class DeadlineTimer : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _due = long.MaxValue;

    /// <param name="time">The clock that deadlines refer to.</param>
    /// <param name="onDue">Called on the thread pool, without the owner's lock, when a deadline has passed.</param>
    public DeadlineTimer(TimeProvider time, Action onDue)
    {
        _time = time;
        _timer = time.CreateTimer(static onDue => ((Action)onDue!)(), onDue, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Makes sure that the timer fires when this deadline has passed.</summary>
    /// <param name="due">A timestamp of the clock; <see cref="long.MaxValue"/> for never.</param>
    public void Set(long due)
    {
        if (due < _due)
        {
            _due = due;

            // Rounded up, because timers count whole milliseconds.
            var left = Math.Ceiling(_time.GetElapsedTime(_time.GetTimestamp(), due).TotalMilliseconds);
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, left)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>To be called after the timer has fired: no deadline is set any more.</summary>
    public void Fired() => _due = long.MaxValue;

    public void Dispose() => _timer.Dispose();
}
