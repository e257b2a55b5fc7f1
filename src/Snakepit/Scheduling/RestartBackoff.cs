namespace Snakepit.Scheduling;

/// <summary>
/// Decides how long to wait before a lost worker is replaced. A worker that had run for a useful time is replaced at once. While workers
/// keep ending soon after their start, the delay doubles from 50 ms to 30 s, so that a crash loop costs little.
/// </summary>
internal sealed class RestartBackoff
{
    /// <summary>A worker that ends within this time of being ready counts as an early end.</summary>
    public static readonly TimeSpan MinimumUptime = TimeSpan.FromSeconds(1);

    /// <summary>Early ends within this time of each other have one cause, such as the end of the template, and count as one.</summary>
    public static readonly TimeSpan SameCauseWindow = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly int _tolerated;
    private int _earlyEnds; // in a row
    private TimeSpan _lastCounted;

    /// <param name="workers">
    /// The pool's size. As many early ends in a row are not taken for a crash loop, because one fault may end all workers.
    /// </param>
    public RestartBackoff(int workers) => _tolerated = workers;

    /// <summary>Records the end of a worker and returns the delay before its successor is started.</summary>
    /// <param name="lived">How long the worker was ready; zero if it never was.</param>
    /// <param name="now">When it was lost.</param>
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
}
