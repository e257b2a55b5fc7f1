using System.Diagnostics;
using System.Globalization;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>
/// A reading of what can disturb a round from outside: a hypervisor that takes processors away, or a clock that is set. The limits were
/// fixed beforehand and do not depend on what either side measured.
/// </summary>
/// <param name="Steal">Processor time stolen since the machine started, in ticks of the kernel.</param>
/// <param name="Total">All processor time since then, in the same ticks.</param>
/// <param name="Wall">The wall clock.</param>
/// <param name="Monotonic">The monotonic clock, which cannot be set.</param>
internal sealed record Disturbance(long Steal, long Total, DateTimeOffset Wall, long Monotonic)
{
    private const double MostSteal = 0.3;

    private static readonly TimeSpan MostJump = TimeSpan.FromSeconds(1);

    /// <summary>Reads the counters and clocks now.</summary>
    public static Disturbance Now()
    {
        // cpu user nice system idle iowait irq softirq steal guest guest_nice
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Take(8).Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return new Disturbance(fields[7], fields.Sum(), TimeProvider.System.GetUtcNow(), Stopwatch.GetTimestamp());
    }

    /// <summary>Why a round that lasted from <paramref name="earlier"/> to now does not count; null if it counts.</summary>
    public string? Since(Disturbance earlier)
    {
        var stolen = (double)(Steal - earlier.Steal) / Math.Max(1, Total - earlier.Total);
        var jump = Wall - earlier.Wall - Stopwatch.GetElapsedTime(earlier.Monotonic, Monotonic);
        return stolen > MostSteal ? string.Create(CultureInfo.InvariantCulture, $"{stolen:P0} of the processors' time was stolen")
            : jump.Duration() > MostJump ? $"the clock was set by {jump.TotalSeconds:F0} s"
            : null;
    }
}
