using System.Diagnostics;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>Callers whose every call is timed.</summary>
internal static class Callers
{
    /// <summary>One caller, one call after the other: how long each took, in milliseconds.</summary>
    public static async Task<double[]> OneAsync(int count, Func<Task> call)
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
}
