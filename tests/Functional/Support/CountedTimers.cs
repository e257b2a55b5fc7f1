using System.Collections.Concurrent;

namespace Snakepit.Tests.Functional.Support;

/// <summary>A clock that knows which of its timers have not been disposed.</summary>
/// <param name="clock">The clock that gives the time.</param>
internal sealed class CountedTimers(TimeProvider clock) : TimeProvider
{
    private readonly ConcurrentDictionary<CountedTimer, bool> _alive = new();
    private long _created;

    /// <summary>The number of timers that are not disposed.</summary>
    public int Alive => _alive.Count;

    /// <summary>The number of timers that were created so far.</summary>
    public long Created => Volatile.Read(ref _created);

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new CountedTimer(this);
        _alive[timer] = true;
        Interlocked.Increment(ref _created);
        timer.Inner = clock.CreateTimer(callback, state, dueTime, period);
        return timer;
    }

    private sealed class CountedTimer(CountedTimers owner) : ITimer
    {
        public ITimer? Inner { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period) => Inner!.Change(dueTime, period);

        public void Dispose()
        {
            owner._alive.TryRemove(this, out _);
            Inner?.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
