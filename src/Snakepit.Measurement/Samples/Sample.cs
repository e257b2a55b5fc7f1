using System.Collections.Immutable;

namespace Snakepit.Measurement.Samples;

/// <summary>Measured values of one quantity, and statistics that describe their distribution.</summary>
public sealed class Sample
{
    private readonly ImmutableArray<double> _sorted;

    /// <param name="values">The measured values, in any order: at least one, and all finite.</param>
    /// <exception cref="ArgumentException">There are no values, or one of the values is not finite.</exception>
    public Sample(IEnumerable<double> values)
    {
        _sorted = [.. values.Order()];
        if (_sorted.IsEmpty)
        {
            throw new ArgumentException("A sample needs at least one value.", nameof(values));
        }

        if (!double.IsFinite(_sorted[0]) || !double.IsFinite(_sorted[^1]))
        {
            throw new ArgumentException("A sample may hold finite values only.", nameof(values));
        }
    }

    /// <summary>All values, sorted from the smallest to the largest.</summary>
    public ImmutableArray<double> Sorted => _sorted;

    /// <summary>The number of values.</summary>
    public int Count => _sorted.Length;

    /// <summary>The smallest value.</summary>
    public double Min => _sorted[0];

    /// <summary>The largest value.</summary>
    public double Max => _sorted[^1];

    /// <summary>The middle one of the sorted values. If the number of values is even, it is the mean of the two in the middle.</summary>
    public double Median => Quantile(0.5);

    /// <summary>The geometric mean of the values, all of which must be positive.</summary>
    public double GeometricMean => Math.Exp(_sorted.Average(Math.Log));

    /// <summary>
    /// The mean of the smaller half of the values, including the middle one. Other work on the machine makes measured times and costs
    /// larger, sometimes much larger, and never smaller. The mean of the smaller half leaves the disturbed values out. It therefore varies
    /// less from round to round than the mean of all values, the median, or the minimum.
    /// </summary>
    public double LowerHalfMean => _sorted.Take((_sorted.Length + 1) / 2).Average();

    /// <summary>
    /// Returns the value below which a share <paramref name="p"/> of the sample lies, interpolated linearly between neighbouring values
    /// (Hyndman and Fan 1996, type 7, the default of R and NumPy).
    /// </summary>
    /// <param name="p">The share, from 0 to 1; for example, 0.99 gives the 99th percentile.</param>
    public double Quantile(double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(p, 1);
        var position = p * (_sorted.Length - 1);
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, _sorted.Length - 1);
        return _sorted[below] + ((position - below) * (_sorted[above] - _sorted[below]));
    }
}
