using System.Collections.Immutable;
using System.Diagnostics;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>A single caller that makes calls one after another and times each of them.</summary>
internal static class SingleCaller
{
    /// <summary>
    /// Makes <paramref name="count"/> calls, and returns the duration of each in milliseconds, in the order of the calls.
    /// </summary>
    /// <param name="count">The number of calls.</param>
    /// <param name="call">The function that makes one call.</param>
    /// <param name="check">What is done after each call and takes time that is not measured. Default: null, nothing.</param>
    public static async Task<double[]> RunAsync(int count, Func<Task> call, Func<Task>? check = null)
    {
        var times = new double[count];
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await call();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (check is not null)
            {
                await check();
            }
        }

        return times;
    }

    /// <summary>Converts milliseconds to whole microseconds, the unit of samples in replies.</summary>
    public static ImmutableArray<int> Microseconds(IEnumerable<double> milliseconds) =>
        [.. milliseconds.Select(time => (int)Math.Round(time * 1000))];
}
