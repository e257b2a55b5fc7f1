using System.Diagnostics;

namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>Uses CPU time on purpose, for faults that make calls slower.</summary>
internal static class BusyWait
{
    public static void Spin(double microseconds)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalMicroseconds < microseconds)
        {
            Thread.SpinWait(10);
        }
    }
}
