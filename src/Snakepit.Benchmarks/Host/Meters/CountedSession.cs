namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>
/// A session of the pool whose state counts the calls of the session, and the check that the count is right. Several callers may use it at
/// the same time.
/// </summary>
/// <param name="session">The session.</param>
internal sealed class CountedSession(SnakepitSession session) : IAsyncDisposable
{
    private int _started, _counted;

    /// <summary>The number of the worker that keeps the state; null before the first call.</summary>
    public int? Worker => session.Worker;

    /// <summary>Adds 1 to the count.</summary>
    /// <exception cref="InvalidOperationException">The count cannot be right.</exception>
    public async Task CallAsync()
    {
        var fewest = Volatile.Read(ref _counted) + 1;
        Interlocked.Increment(ref _started);
        var state = await session.ExecuteAsync<State>("count_up");
        if (state.IsKept)
        {
            Require(state, fewest, Volatile.Read(ref _started));
            Interlocked.Increment(ref _counted);
        }
        else
        {
            // The call has run in another worker, with an empty state that is dropped afterwards.
            Require(state, fewest: 1, session.Affinity == AffinityMode.Prefer ? 1 : 0);
        }
    }

    /// <summary>Reads the count. To be called while no other call runs.</summary>
    /// <exception cref="InvalidOperationException">The count is not the number of calls.</exception>
    public async Task RequireRightAsync() => Require(await session.ExecuteAsync<State>("count_up", new { by = 0 }), _counted, _counted);

    public ValueTask DisposeAsync() => session.DisposeAsync();

    private void Require(State state, int fewest, int most)
    {
        if (state.Owner != session.Key || state.Count < fewest || state.Count > most)
        {
            throw new InvalidOperationException(
                $"The state of session '{session.Key}' is wrong: it belongs to '{state.Owner}' and counts {state.Count} calls, "
                + $"and {fewest} to {most} were expected.");
        }
    }

    private sealed record State(string Owner, int Count, bool IsKept);
}
