using System.Collections.Immutable;

namespace Snakepit.Measurement.Load;

/// <summary>When the calls of an open loop are meant to start, computed before the first of them.</summary>
/// <param name="Starts">Offsets from the beginning, ascending.</param>
public sealed record Schedule(ImmutableArray<TimeSpan> Starts)
{
    /// <summary>Independent arrivals: exponential gaps whose mean is 1 / <paramref name="rate"/>.</summary>
    /// <param name="rate">Calls per second.</param>
    /// <param name="count">How many calls.</param>
    /// <param name="seed">The same seed makes the same schedule.</param>
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
