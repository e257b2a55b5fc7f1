namespace Snakepit.Scheduling;

/// <summary>
/// Decides how long to wait before a lost worker is replaced. A worker that was ready for at least a second is replaced at once. While
/// workers keep ending soon after their start, the delay doubles from 50 ms up to 30 s, so that workers which crash again and again cost
/// little. Starts that fail are delayed by a rule of their own, because the next attempt may fail at once: see
/// <see cref="AfterFailedStart"/>.
/// </summary>
internal sealed class RestartBackoff
{
    /// <summary>
    /// The shortest useful life of a worker. If a worker ends less than this time after it was ready, that is an early end.
    /// </summary>
    public static readonly TimeSpan MinimumUptime = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Early ends within this time of each other are assumed to have the same cause, such as the end of the template, and count as one
    /// early end.
    /// </summary>
    public static readonly TimeSpan SameCauseWindow = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The delay that failed starts may always reach. Beyond it, the delay is at most as long as starts have been failing, so that a pool
    /// of many workers, whose starts all fail together, recovers soon after the cause is gone.
    /// </summary>
    private static readonly TimeSpan LongAtFirst = TimeSpan.FromSeconds(1);

    private readonly int _tolerated;
    private int _earlyEnds; // the number of early ends in a row
    private TimeSpan _lastCounted;
    private int _failedStarts; // the number of failed starts in a row
    private TimeSpan _failingSince;

    /// <param name="workers">
    /// The number of workers of the pool. Up to this number of early ends in a row cause no delay, because one fault may end all workers.
    /// </param>
    public RestartBackoff(int workers) => _tolerated = workers;

    /// <summary>Records the end of a worker and returns the delay before its successor is started.</summary>
    /// <param name="lived">The time that the worker was ready; zero if it was never ready.</param>
    /// <param name="now">The time at which the worker was lost, counted from the start of the pool.</param>
    public TimeSpan AfterLife(TimeSpan lived, TimeSpan now)
    {
        if (lived >= MinimumUptime)
        {
            _earlyEnds = 0;
        }
        else if (_earlyEnds == 0 || now - _lastCounted >= SameCauseWindow)
        {
            (_earlyEnds, _lastCounted) = (_earlyEnds + 1, now);
        }

        return Doubled(_earlyEnds - _tolerated);
    }

    /// <summary>
    /// Records that a worker could not be started, and returns the delay before the next attempt. Each failure counts, however soon it
    /// follows the last one: an attempt that fails within a millisecond would otherwise be repeated a thousand times in a second.
    /// </summary>
    /// <param name="now">The time at which the start failed, counted from the start of the pool.</param>
    public TimeSpan AfterFailedStart(TimeSpan now)
    {
        if (_failedStarts++ == 0)
        {
            _failingSince = now;
        }

        var failing = now - _failingSince;
        var limit = failing > LongAtFirst ? failing : LongAtFirst;
        var doubled = Doubled(_failedStarts - _tolerated);
        var early = AfterLife(TimeSpan.Zero, now); // a start that fails is an early end too, also if others succeed in between
        var ownDelay = doubled < limit ? doubled : limit;
        return ownDelay > early ? ownDelay : early;
    }

    /// <summary>Records that a start has succeeded.</summary>
    public void Started() => _failedStarts = 0;

    /// <summary>
    /// Records that a worker is replaced because a call was interrupted in it. The worker has worked so far, so it makes up for one early
    /// end. Where many calls are cancelled, no worker lives long enough to show in another way that the workers are well.
    /// </summary>
    public void Interrupted() => _earlyEnds = Math.Max(0, _earlyEnds - 1);

    private static TimeSpan Doubled(int beyond) =>
        beyond <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(beyond - 1, 20)));
}
