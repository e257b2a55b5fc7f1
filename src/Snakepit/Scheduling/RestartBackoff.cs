namespace Snakepit.Scheduling;

/// <summary>
/// How long to wait before replacing a worker: not at all after a useful life, and doubling from 50 ms to 30 s while workers
/// keep dying young, so that a crash loop costs little.
/// </summary>
internal sealed class RestartBackoff
{
    /// <summary>A worker that lives this long has had a useful life.</summary>
    public static readonly TimeSpan Youth = TimeSpan.FromSeconds(1);

    /// <summary>Early deaths so close to each other have one cause, such as the end of the template, and count as one.</summary>
    public static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly int _free;
    private int _diedYoung;
    private TimeSpan _lastCounted;

    /// <param name="workers">The pool's size: that many early deaths in a row are no loop yet, one fault may cause them all.</param>
    public RestartBackoff(int workers) => _free = workers;

    /// <summary>Takes note of a worker's end and returns the delay before its successor starts.</summary>
    /// <param name="lived">From ready to lost; zero if it never was ready.</param>
    /// <param name="now">When it was lost.</param>
    public TimeSpan AfterLife(TimeSpan lived, TimeSpan now)
    {
        if (lived >= Youth)
        {
            _diedYoung = 0;
        }
        else if (_diedYoung == 0 || now - _lastCounted >= Burst)
        {
            (_diedYoung, _lastCounted) = (_diedYoung + 1, now);
        }

        var beyond = _diedYoung - _free;
        return beyond <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(beyond - 1, 20)));
    }
}
