using System.Diagnostics;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>Waits for what nothing reports.</summary>
internal static class Polling
{
    /// <summary>How long it may take until something is so.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks every millisecond whether it is so, until it is.</summary>
    /// <param name="isSo">Returns true if it is so.</param>
    /// <param name="problem">Returns what is not so, as the beginning of a sentence.</param>
    /// <exception cref="TimeoutException">It takes longer than <see cref="Patience"/>.</exception>
    public static async Task UntilAsync(Func<bool> isSo, Func<string> problem)
    {
        for (var start = Stopwatch.GetTimestamp(); !isSo(); await Task.Delay(1))
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException($"{problem()} after {Patience.TotalSeconds} s.");
            }
        }
    }
}
