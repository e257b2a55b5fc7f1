namespace Snakepit.Measurement.Statistics;

/// <summary>
/// The exact distribution of the number of inversions of a random permutation: the number of pairs of values that stand in the wrong order.
/// It tells how many of the slopes between pairs of measured points lie below the true slope (Kendall 1938; Sen 1968).
/// </summary>
public static class InversionDistribution
{
    /// <summary>The largest number n of values. There are n! permutations, and their counts must fit into 64 bits.</summary>
    public const int MaxCount = 20;

    /// <summary>Returns the probability that a permutation has at most <paramref name="inversions"/> inversions.</summary>
    /// <param name="count">The number of values, from 2 to <see cref="MaxCount"/>.</param>
    /// <param name="inversions">The number of inversions up to which the probability is added up.</param>
    public static double Cumulative(int count, int inversions)
    {
        var permutations = PermutationsByInversions(count);
        return permutations.Take(inversions + 1).Aggregate(0UL, (sum, one) => sum + one)
            / (double)permutations.Aggregate(0UL, (sum, one) => sum + one);
    }

    /// <summary>
    /// Returns which of the sorted slopes between all pairs of points bounds the true slope with an error probability of at most
    /// <paramref name="level"/>. The result is a position, counted from 1 at the lower end for the lower bound and at the upper end for the
    /// upper bound. It is 0 if there are too few points for a bound.
    /// </summary>
    /// <param name="count">The number of points, from 2 to <see cref="MaxCount"/>.</param>
    /// <param name="level">The error probability of the bound (one-sided), between 0 and 0.5.</param>
    public static int BoundRank(int count, double level)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(level, 0.5);
        var rank = 0;
        while (Cumulative(count, rank) <= level)
        {
            rank++;
        }

        return rank;
    }

    /// <summary>
    /// Returns an array whose element at index k is the number of permutations of <paramref name="count"/> values with k inversions. The
    /// next value can stand in front of none, one, two, … or all of the values before it.
    /// </summary>
    private static ulong[] PermutationsByInversions(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        ulong[] permutations = [1];
        for (var values = 2; values <= count; values++)
        {
            var next = new ulong[permutations.Length + values - 1];
            for (var before = 0; before < permutations.Length; before++)
            {
                for (var more = 0; more < values; more++)
                {
                    next[before + more] += permutations[before];
                }
            }

            permutations = next;
        }

        return permutations;
    }
}
