using System.Diagnostics;

namespace Snakepit.Measurement.Load;

/// <summary>The number of calls that a closed-loop load made, and the time that the calls took (see <see cref="ClosedLoop"/>).</summary>
/// <param name="Calls">The number of calls that succeeded.</param>
/// <param name="Errors">The number of calls that threw an exception; they are not counted in <paramref name="Calls"/>.</param>
/// <param name="Elapsed">The time from the start of the first call to the end of the last call.</param>
/// <param name="FirstError">The exception of the first call that failed; null if no call failed.</param>
public sealed record ClosedLoopResult(long Calls, long Errors, TimeSpan Elapsed, Exception? FirstError)
{
    /// <summary>Successful calls per second.</summary>
    public double Rate => Calls / Elapsed.TotalSeconds;
}

/// <summary>
/// A load for measuring throughput: a fixed number of callers, each of which makes its next call as soon as the previous one has ended.
/// </summary>
public static class ClosedLoop
{
    /// <summary>
    /// Makes a fixed number of calls, which the callers share: each caller starts calls until that number of calls has been started in all.
    /// </summary>
    /// <param name="callers">The number of callers, which is also the largest number of calls in flight.</param>
    /// <param name="calls">The number of calls that all callers make together.</param>
    /// <param name="call">The function that makes one call.</param>
    public static Task<ClosedLoopResult> RunAsync(int callers, long calls, Func<Task> call)
    {
        var left = calls;
        return RunAsync(callers, fewest: 0, () => Interlocked.Decrement(ref left) >= 0, call);
    }

    /// <summary>
    /// Makes calls until the time is up. Calls that are in flight at that moment are awaited and counted. Every caller makes at least one
    /// call, so that a rate can be computed even if the machine stalls for the whole duration.
    /// </summary>
    /// <param name="callers">The number of callers, which is also the largest number of calls in flight.</param>
    /// <param name="duration">The time for which new calls are started.</param>
    /// <param name="call">The function that makes one call.</param>
    public static Task<ClosedLoopResult> RunAsync(int callers, TimeSpan duration, Func<Task> call)
    {
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        return RunAsync(callers, fewest: 1, () => Stopwatch.GetTimestamp() < end, call);
    }

    private static async Task<ClosedLoopResult> RunAsync(int callers, int fewest, Func<bool> mayCall, Func<Task> call)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(callers, 1);
        long done = 0, errors = 0;
        Exception? first = null;
        var start = Stopwatch.GetTimestamp();
        var running = new Task[callers];
        for (var i = 0; i < callers; i++)
        {
            running[i] = Task.Run(CallAsync);
        }

        await Task.WhenAll(running);
        return new ClosedLoopResult(done, errors, Stopwatch.GetElapsedTime(start), first);

        async Task CallAsync()
        {
            long succeeded = 0;
            for (long made = 0; made < fewest || mayCall(); made++)
            {
                try
                {
                    await call();
                    succeeded++;
                }
                catch (Exception exception)
                {
                    Interlocked.Increment(ref errors);
                    Interlocked.CompareExchange(ref first, exception, null);
                }
            }

            Interlocked.Add(ref done, succeeded);
        }
    }
}
