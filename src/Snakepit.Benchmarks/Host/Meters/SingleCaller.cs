using System.Collections.Immutable;
using System.Diagnostics;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>A single caller that makes calls one after another and times each of them.</summary>
internal static class SingleCaller
{
    /// <summary>
    /// Makes <paramref name="count"/> calls, and returns the duration of each in milliseconds, in the order of the calls.
    /// </summary>
    public static async Task<double[]> RunAsync(int count, Func<Task> call)
    {
        var times = new double[count];
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await call();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return times;
    }

    /// <summary>Converts milliseconds to whole microseconds, the unit of samples in replies.</summary>
    public static ImmutableArray<int> Microseconds(IEnumerable<double> milliseconds) =>
        [.. milliseconds.Select(time => (int)Math.Round(time * 1000))];
}
