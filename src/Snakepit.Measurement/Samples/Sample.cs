using System.Collections.Immutable;

namespace Snakepit.Measurement.Samples;

/// <summary>Measured values of one quantity, and statistics that describe their distribution.</summary>
public sealed class Sample
{
    private readonly ImmutableArray<double> _sorted;

    /// <param name="values">At least one finite value, in any order.</param>
    /// <exception cref="ArgumentException">There is no value, or one that is not finite.</exception>
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

    /// <summary>The values, smallest first.</summary>
    public ImmutableArray<double> Sorted => _sorted;

    /// <summary>The number of values.</summary>
    public int Count => _sorted.Length;

    /// <summary>The smallest value.</summary>
    public double Min => _sorted[0];

    /// <summary>The largest value.</summary>
    public double Max => _sorted[^1];

    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    public double Median => Quantile(0.5);

    /// <summary>The geometric mean. All values must be positive.</summary>
    public double GeometricMean => Math.Exp(_sorted.Average(Math.Log));

    /// <summary>
    /// The mean of the smaller half of the values, including the middle one. Other work on the machine makes times and costs larger,
    /// sometimes much larger, and never smaller. This mean ignores those disturbed values, and so varies less from round to round than the
    /// mean of all values, the median, or the minimum.
    /// </summary>
    public double LowerHalfMean => _sorted.Take((_sorted.Length + 1) / 2).Average();

    /// <summary>
    /// The value below which a share <paramref name="p"/> of the sample lies, interpolated linearly between neighbours (Hyndman and Fan
    /// 1996, type 7, the default of R and NumPy).
    /// </summary>
    /// <param name="p">From 0 to 1.</param>
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
