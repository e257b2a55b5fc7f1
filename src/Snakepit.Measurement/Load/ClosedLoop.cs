using System.Diagnostics;

namespace Snakepit.Measurement.Load;

/// <summary>What a closed loop did.</summary>
/// <param name="Calls">Calls that succeeded.</param>
/// <param name="Errors">Calls that threw. They are failures, not calls.</param>
/// <param name="Elapsed">From the first call's start to the last one's end.</param>
/// <param name="FirstError">What the first failed call threw.</param>
public sealed record ClosedLoopResult(long Calls, long Errors, TimeSpan Elapsed, Exception? FirstError)
{
    /// <summary>Successful calls per second.</summary>
    public double Rate => Calls / Elapsed.TotalSeconds;
}

/// <summary>Callers that each make one call after another, as fast as the answers come: the load that measures throughput.</summary>
public static class ClosedLoop
{
    /// <summary>Makes a number of calls, shared by the callers.</summary>
    /// <param name="callers">How many calls are in flight at once.</param>
    /// <param name="calls">How many calls are made in all.</param>
    /// <param name="call">One call.</param>
    public static Task<ClosedLoopResult> RunAsync(int callers, long calls, Func<Task> call)
    {
        var left = calls;
        return RunAsync(callers, () => Interlocked.Decrement(ref left) >= 0, call);
    }

    /// <summary>Makes calls until the time is up; those in flight then are counted and waited for.</summary>
    /// <param name="callers">How many calls are in flight at once.</param>
    /// <param name="duration">How long new calls are started.</param>
    /// <param name="call">One call.</param>
    public static Task<ClosedLoopResult> RunAsync(int callers, TimeSpan duration, Func<Task> call)
    {
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        return RunAsync(callers, () => Stopwatch.GetTimestamp() < end, call);
    }

    private static async Task<ClosedLoopResult> RunAsync(int callers, Func<bool> goOn, Func<Task> call)
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
            long mine = 0;
            while (goOn())
            {
                try
                {
                    await call();
                    mine++;
                }
                catch (Exception exception)
                {
                    Interlocked.Increment(ref errors);
                    Interlocked.CompareExchange(ref first, exception, null);
                }
            }

            Interlocked.Add(ref done, mine);
        }
    }
}
