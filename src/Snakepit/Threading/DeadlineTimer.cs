namespace Snakepit.Threading;

/// <summary>
/// One timer for many deadlines. It fires at the earliest deadline, or a little later, and does not fire again until it is set again.
/// Deadlines are never removed: the deadline of a call that has ended costs one needless check, which is cheaper than one timer per call.
/// The owner must hold its lock whenever it calls <see cref="Set"/> or <see cref="Fired"/>.
/// </summary>
internal sealed class DeadlineTimer : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _due = long.MaxValue;

    /// <param name="time">The clock to which the deadlines refer.</param>
    /// <param name="onDue">Called on the thread pool, without the owner's lock, when a deadline has passed.</param>
    public DeadlineTimer(TimeProvider time, Action onDue)
    {
        _time = time;
        _timer = time.CreateTimer(static onDue => ((Action)onDue!)(), onDue, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Makes sure that the timer fires when this deadline has passed.</summary>
    /// <param name="due">The deadline, as a timestamp of the clock; <see cref="long.MaxValue"/> for never.</param>
    public void Set(long due)
    {
        if (due < _due)
        {
            _due = due;

            // The time left is rounded up, because timers count whole milliseconds.
            var left = Math.Ceiling(_time.GetElapsedTime(_time.GetTimestamp(), due).TotalMilliseconds);
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, left)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Clears the deadline. To be called after the timer has fired.</summary>
    public void Fired() => _due = long.MaxValue;

    public void Dispose() => _timer.Dispose();
}
