using System.Diagnostics;
using System.Globalization;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>
/// A reading of the counters and clocks that reveal a disturbance of a round from outside: a hypervisor that took processor time away, or a
/// clock that was set. The limits are fixed and do not depend on the measured values, so that dropping a round cannot favour one side.
/// </summary>
/// <param name="Steal">The processor time that the hypervisor has taken away since the machine started, in ticks of the kernel.</param>
/// <param name="Total">All processor time since the machine started, in ticks of the kernel.</param>
/// <param name="Wall">The time of the wall clock, which can be set.</param>
/// <param name="Monotonic">The timestamp of the monotonic clock, which cannot be set.</param>
internal sealed record Disturbance(long Steal, long Total, DateTimeOffset Wall, long Monotonic)
{
    private const double MostSteal = 0.3;

    private static readonly TimeSpan MostJump = TimeSpan.FromSeconds(1);

    /// <summary>Reads the counters and clocks.</summary>
    public static Disturbance Now()
    {
        // The fields of the line are: cpu user nice system idle iowait irq softirq steal guest guest_nice.
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Take(8).Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return new Disturbance(fields[7], fields.Sum(), TimeProvider.System.GetUtcNow(), Stopwatch.GetTimestamp());
    }

    /// <summary>
    /// Returns why a round that lasted from <paramref name="earlier"/> to this reading must be dropped; null if the round counts.
    /// </summary>
    public string? Since(Disturbance earlier)
    {
        var stolen = (double)(Steal - earlier.Steal) / Math.Max(1, Total - earlier.Total);
        var jump = Wall - earlier.Wall - Stopwatch.GetElapsedTime(earlier.Monotonic, Monotonic);
        return stolen > MostSteal ? string.Create(CultureInfo.InvariantCulture, $"{stolen:P0} of the processors' time was stolen")
            : jump.Duration() > MostJump ? $"the clock was set by {jump.TotalSeconds:F0} s"
            : null;
    }
}
