using System.Diagnostics;
using System.Globalization;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>
/// What can spoil a round from outside, by rules fixed beforehand that do not look at the sides: processors taken away by the machine below, or a
/// clock that was set.
/// </summary>
/// <param name="Steal">Processor time stolen since the machine started, in the kernel's ticks.</param>
/// <param name="Total">All processor time.</param>
/// <param name="Wall">The clock on the wall.</param>
/// <param name="Monotonic">The clock that nobody sets.</param>
internal sealed record Disturbance(long Steal, long Total, DateTimeOffset Wall, long Monotonic)
{
    private const double MostSteal = 0.3;

    private static readonly TimeSpan MostJump = TimeSpan.FromSeconds(1);

    public static Disturbance Now()
    {
        // cpu user nice system idle iowait irq softirq steal guest guest_nice
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Take(8).Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return new Disturbance(fields[7], fields.Sum(), TimeProvider.System.GetUtcNow(), Stopwatch.GetTimestamp());
    }

    /// <summary>Why the time from <paramref name="earlier"/> to now cannot count; null if it can.</summary>
    public string? Since(Disturbance earlier)
    {
        var stolen = (double)(Steal - earlier.Steal) / Math.Max(1, Total - earlier.Total);
        var jump = Wall - earlier.Wall - Stopwatch.GetElapsedTime(earlier.Monotonic, Monotonic);
        return stolen > MostSteal ? string.Create(CultureInfo.InvariantCulture, $"{stolen:P0} of the processors' time was stolen")
            : jump.Duration() > MostJump ? $"the clock was set by {jump.TotalSeconds:F0} s"
            : null;
    }
}
