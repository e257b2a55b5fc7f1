using System.Collections.Immutable;
using System.Diagnostics;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>One caller that makes one call after the other, each of them timed.</summary>
internal static class SingleCaller
{
    /// <summary>Makes calls and returns how long each took, in milliseconds and in their order.</summary>
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

    /// <summary>Milliseconds as whole microseconds, the form in which replies carry them.</summary>
    public static ImmutableArray<int> Microseconds(IEnumerable<double> milliseconds) =>
        [.. milliseconds.Select(time => (int)Math.Round(time * 1000))];
}
