namespace Snakepit.Hosting.Pools;

/// <summary>The delays between attempts to start a pool: 1 s, doubled each time, to at most 30 s.</summary>
internal sealed class StartBackoff
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private TimeSpan _next = TimeSpan.FromSeconds(1);

    public TimeSpan Next()
    {
        var delay = _next;
        _next = delay * 2 < Longest ? delay * 2 : Longest;
        return delay;
    }
}
