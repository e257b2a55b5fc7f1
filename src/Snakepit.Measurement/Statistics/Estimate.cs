namespace Snakepit.Measurement.Statistics;

/// <summary>Where a sample of differences is centred, and how surely.</summary>
/// <param name="Value">The Hodges–Lehmann pseudo-median: the median of all averages of two differences (Hodges and Lehmann 1963).</param>
/// <param name="Lower">The centre is below this with at most the probability that was asked for; −∞ if there are too few differences to say.</param>
/// <param name="Upper">The centre is above this with at most that probability; +∞ if there are too few.</param>
/// <param name="Count">How many differences there are.</param>
public sealed record Estimate(double Value, double Lower, double Upper, int Count)
{
    // How far the half-width of the bounds reaches into the spread between jobs, in standard deviations.
    private const double JobDeviations = 2.6;

    /// <summary>
    /// Estimates the centre with exact bounds that assume nothing of the distribution but its symmetry (Walsh averages at the ranks of
    /// <see cref="SignedRankDistribution.BoundRank"/>). O(n² log n) in time, without garbage.
    /// </summary>
    /// <param name="differences">One a round, independent; at least one, at most <see cref="SignedRankDistribution.Most"/>.</param>
    /// <param name="level">The largest probability of an error on either side.</param>
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
    /// The same with bounds that also cover what differs from job to job and cannot be averaged away within one:
    /// θ ∓ √((θ − bound)² + (2.6·τ)²).
    /// </summary>
    /// <param name="tau">The standard deviation between jobs.</param>
    public Estimate Widened(double tau)
    {
        var job = JobDeviations * tau;
        return this with
        {
            Lower = Value - Math.Sqrt(((Value - Lower) * (Value - Lower)) + (job * job)),
            Upper = Value + Math.Sqrt(((Upper - Value) * (Upper - Value)) + (job * job)),
        };
    }

    /// <summary>The estimate of a sum of two independent quantities, or of their difference if <paramref name="sign"/> is −1.</summary>
    public Estimate Plus(Estimate other, int sign = 1)
    {
        var value = Value + (sign * other.Value);
        var (otherDown, otherUp) = sign > 0 ? (other.Value - other.Lower, other.Upper - other.Value) : (other.Upper - other.Value, other.Value - other.Lower);
        return new Estimate(
            value, value - Hypotenuse(Value - Lower, otherDown), value + Hypotenuse(Upper - Value, otherUp), Math.Min(Count, other.Count));
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
