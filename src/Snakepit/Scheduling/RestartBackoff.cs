namespace Snakepit.Scheduling;

/// <summary>
/// Decides how long to wait before a lost worker is replaced. A worker that was ready for at least a second is replaced at once. While
/// workers keep ending soon after their start, the delay doubles from 50 ms up to 30 s, so that workers which crash again and again cost
/// little.
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

    private readonly int _tolerated;
    private int _earlyEnds; // the number of early ends in a row
    private TimeSpan _lastCounted;

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

        var beyond = _earlyEnds - _tolerated;
        return beyond <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(beyond - 1, 20)));
    }

    /// <summary>
    /// Records that a worker is replaced because a call was interrupted in it. The worker has worked so far, so it makes up for one early
    /// end. Where many calls are cancelled, no worker lives long enough to show in another way that the workers are well.
    /// </summary>
    public void Interrupted() => _earlyEnds = Math.Max(0, _earlyEnds - 1);
}
