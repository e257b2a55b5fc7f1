using System.Diagnostics;

namespace Snakepit.Measurement.Load;

/// <summary>The result of a closed loop.</summary>
/// <param name="Calls">Calls that succeeded.</param>
/// <param name="Errors">Calls that threw; they are not counted in <paramref name="Calls"/>.</param>
/// <param name="Elapsed">The time from the start of the first call to the end of the last one.</param>
/// <param name="FirstError">The exception of the first call that failed.</param>
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
    /// <summary>Makes a fixed number of calls. Every caller takes its next call from what is left of that number.</summary>
    /// <param name="callers">The number of callers, and so the largest number of calls in flight.</param>
    /// <param name="calls">The number of calls in all.</param>
    /// <param name="call">Makes one call.</param>
    public static Task<ClosedLoopResult> RunAsync(int callers, long calls, Func<Task> call)
    {
        var left = calls;
        return RunAsync(callers, fewest: 0, () => Interlocked.Decrement(ref left) >= 0, call);
    }

    /// <summary>
    /// Makes calls until the time is up. Calls in flight at that moment are awaited and counted. Every caller makes at least one call, so
    /// that there is a rate even if the machine stalls for the whole duration.
    /// </summary>
    /// <param name="callers">The number of callers, and so the largest number of calls in flight.</param>
    /// <param name="duration">How long new calls are started.</param>
    /// <param name="call">Makes one call.</param>
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
