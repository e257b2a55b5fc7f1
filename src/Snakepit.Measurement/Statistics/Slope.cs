namespace Snakepit.Measurement.Statistics;

/// <summary>
/// How fast a quantity grows that was measured at equal distances, with a lower and an upper bound: the median of the slopes between all
/// pairs of measured points. A few values that are far off hardly change it (Theil 1950; Sen 1968).
/// </summary>
/// <param name="Value">The estimated slope.</param>
/// <param name="Lower">
/// The lower bound: the true slope is below it with at most the requested error probability. It is −∞ if there are too few points.
/// </param>
/// <param name="Upper">
/// The upper bound: the true slope is above it with at most the requested error probability. It is +∞ if there are too few points.
/// </param>
public sealed record Slope(double Value, double Lower, double Upper)
{
    /// <summary>
    /// Estimates the slope. The bounds are exact for independent errors of the same distribution, whatever it is: they are slopes between
    /// two points, chosen by a rank that the distribution of inversions gives (see <see cref="InversionDistribution.BoundRank"/>).
    /// </summary>
    /// <param name="values">The measured values in their order: from 2 to <see cref="InversionDistribution.MaxCount"/>.</param>
    /// <param name="distance">The distance between two neighbouring points, by which the slope is divided.</param>
    /// <param name="level">The error probability of each bound (one-sided), between 0 and 0.5.</param>
    public static Slope Of(IReadOnlyList<double> values, double distance, double level)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(distance);
        var rank = InversionDistribution.BoundRank(values.Count, level);
        double[] slopes =
        [
            .. values.SelectMany((earlier, i) => values.Skip(i + 1).Select((later, j) => (later - earlier) / ((j + 1) * distance))).Order(),
        ];
        var middle = slopes.Length / 2;
        return new Slope(
            slopes.Length % 2 == 1 ? slopes[middle] : (slopes[middle - 1] + slopes[middle]) / 2,
            rank == 0 ? double.NegativeInfinity : slopes[rank - 1],
            rank == 0 ? double.PositiveInfinity : slopes[^rank]);
    }
}
