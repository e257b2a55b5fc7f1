using System.Collections.Immutable;

namespace Snakepit.Measurement.Load;

/// <summary>
/// The scheduled start times of the calls of an open-loop load (see <see cref="OpenLoop"/>), all computed before the first call.
/// </summary>
/// <param name="Starts">The start time of each call, counted from the beginning of the schedule, in ascending order.</param>
public sealed record Schedule(ImmutableArray<TimeSpan> Starts)
{
    /// <summary>
    /// Creates the schedule of a Poisson process: the calls start independently of each other, and the gaps between them are exponentially
    /// distributed with the mean 1 / <paramref name="rate"/>.
    /// </summary>
    /// <param name="rate">The mean number of calls per second.</param>
    /// <param name="count">The number of calls.</param>
    /// <param name="seed">The seed of the random gaps; the same seed gives the same schedule.</param>
    public static Schedule Poisson(double rate, int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var random = new Random(seed);
        var starts = ImmutableArray.CreateBuilder<TimeSpan>(count);
        var at = 0.0;
        for (var i = 0; i < count; i++)
        {
            at += -Math.Log(1 - random.NextDouble()) / rate;
            starts.Add(TimeSpan.FromSeconds(at));
        }

        return new Schedule(starts.MoveToImmutable());
    }
}
