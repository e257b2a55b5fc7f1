namespace Snakepit.Measurement.Statistics;

/// <summary>
/// The estimated centre of the distribution of measured values, with a lower and an upper bound. There is one value for each round. The
/// values are called differences here, because each is usually the difference between the logarithms of two measured quantities.
/// </summary>
/// <param name="Value">
/// The Hodges–Lehmann estimate of the centre: the median of the averages of all pairs of differences, where each difference is also paired
/// with itself (Hodges and Lehmann 1963).
/// </param>
/// <param name="Lower">
/// The lower bound: the true centre is below it with at most the requested error probability. The bound is −∞ if there are too few
/// differences.
/// </param>
/// <param name="Upper">
/// The upper bound: the true centre is above it with at most the requested error probability. The bound is +∞ if there are too few
/// differences.
/// </param>
/// <param name="Count">The number of differences that the estimate is based on.</param>
public sealed record Estimate(double Value, double Lower, double Upper, int Count)
{
    // The bounds are widened by this many standard deviations between jobs. A job is one run of the suite.
    private const double JobDeviations = 2.6;

    /// <summary>
    /// Estimates the centre of the distribution of the differences. The bounds are exact for every symmetric distribution: they are
    /// averages of pairs of differences (Walsh averages), chosen by a rank that the Wilcoxon signed-rank distribution gives (see
    /// <see cref="SignedRankDistribution.BoundRank"/>). The computation takes O(n² log n) time and does not allocate on the heap, apart
    /// from the result.
    /// </summary>
    /// <param name="differences">
    /// The independent differences, one per round: at least 1, and at most <see cref="SignedRankDistribution.MaxCount"/>.
    /// </param>
    /// <param name="level">The error probability of each bound (one-sided), between 0 and 0.5.</param>
    public static Estimate Of(ReadOnlySpan<double> differences, double level)
    {
        var rank = SignedRankDistribution.BoundRank(differences.Length, level);
        Span<double> walsh = stackalloc double[differences.Length * (differences.Length + 1) / 2];
        SortedWalshAverages(differences, walsh);
        var middle = walsh.Length / 2;
        return new Estimate(
            walsh.Length % 2 == 1 ? walsh[middle] : (walsh[middle - 1] + walsh[middle]) / 2,
            rank == 0 ? double.NegativeInfinity : walsh[rank - 1],
            rank == 0 ? double.PositiveInfinity : walsh[^rank],
            differences.Length);
    }

    /// <summary>
    /// Widens the bounds to allow for differences between jobs, which more rounds within one job cannot average away:
    /// value ∓ √((value − bound)² + (2.6 · <paramref name="betweenJobSd"/>)²).
    /// </summary>
    /// <param name="betweenJobSd">The standard deviation of the true centre between jobs, which are runs of the suite.</param>
    public Estimate Widened(double betweenJobSd)
    {
        var job = JobDeviations * betweenJobSd;
        return this with { Lower = Value - Hypotenuse(Value - Lower, job), Upper = Value + Hypotenuse(Upper - Value, job) };
    }

    /// <summary>
    /// Returns the estimate of the sum of two independent quantities, or of their difference if <paramref name="sign"/> is −1. The errors
    /// are independent, so their squares are added.
    /// </summary>
    public Estimate Plus(Estimate other, int sign = 1)
    {
        var value = Value + (sign * other.Value);
        var (otherDown, otherUp) = (other.Value - other.Lower, other.Upper - other.Value);
        if (sign < 0)
        {
            (otherDown, otherUp) = (otherUp, otherDown);
        }

        return new Estimate(
            value,
            value - Hypotenuse(Value - Lower, otherDown),
            value + Hypotenuse(Upper - Value, otherUp),
            Math.Min(Count, other.Count));
    }

    private static double Hypotenuse(double a, double b) => Math.Sqrt((a * a) + (b * b));

    private static void SortedWalshAverages(ReadOnlySpan<double> differences, Span<double> averages)
    {
        var next = 0;
        for (var i = 0; i < differences.Length; i++)
        {
            for (var j = i; j < differences.Length; j++)
            {
                averages[next++] = (differences[i] + differences[j]) / 2;
            }
        }

        averages.Sort();
    }
}
