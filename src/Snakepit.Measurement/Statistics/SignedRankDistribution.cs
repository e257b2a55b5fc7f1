namespace Snakepit.Measurement.Statistics;

/// <summary>
/// The exact distribution of the Wilcoxon signed-rank statistic. The statistic is the sum of those ranks from 1 to n that have a positive
/// sign, where each sign is positive with probability ½. The distribution is computed by counting, for every sum, the subsets of the ranks
/// that add up to it (Wilcoxon 1945; Hollander and Wolfe, Nonparametric Statistical Methods, section 3.1).
/// </summary>
public static class SignedRankDistribution
{
    /// <summary>
    /// The largest number n of differences. There are 2ⁿ subsets of n ranks, and the counts of subsets must fit into 64 bits.
    /// </summary>
    public const int MaxCount = 60;

    private static readonly ulong[]?[] Cache = new ulong[MaxCount + 1][];

    /// <summary>Returns the probability that the sum of the positive ranks is at most <paramref name="sum"/>.</summary>
    /// <param name="count">The number of differences, from 1 to <see cref="MaxCount"/>.</param>
    /// <param name="sum">The sum of positive ranks up to which the probability is added up.</param>
    public static double Cumulative(int count, int sum)
    {
        var subsets = SubsetsBySum(count);
        var below = 0UL;
        for (var i = 0; i <= Math.Min(sum, subsets.Length - 1); i++)
        {
            below += subsets[i];
        }

        return below / Math.Pow(2, count);
    }

    /// <summary>
    /// Returns which of the sorted Walsh averages (the averages of pairs of differences) bounds the centre with an error probability of at
    /// most <paramref name="level"/>. The result is a position, counted from 1 at the lower end for the lower bound and at the upper end
    /// for the upper bound. It is 0 if there are too few differences for a bound.
    /// </summary>
    /// <param name="count">The number of differences, from 1 to <see cref="MaxCount"/>.</param>
    /// <param name="level">The error probability of the bound (one-sided), between 0 and 0.5.</param>
    public static int BoundRank(int count, double level)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(level, 0.5);
        var subsets = SubsetsBySum(count);
        var allowed = level * Math.Pow(2, count);
        var below = 0UL;
        var rank = 0;
        while (below + subsets[rank] <= allowed)
        {
            below += subsets[rank++];
        }

        return rank;
    }

    /// <summary>
    /// Returns an array whose element at index s is the number of subsets of the ranks 1 to <paramref name="count"/> that add up to s.
    /// </summary>
    private static ulong[] SubsetsBySum(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        // Two threads may compute the same entry at the same time. Both results are equal, so it does not matter which of them is kept.
        return Cache[count] ??= Counted(count);
    }

    private static ulong[] Counted(int count)
    {
        var subsets = new ulong[(count * (count + 1) / 2) + 1];
        subsets[0] = 1;
        for (var rank = 1; rank <= count; rank++)
        {
            for (var sum = subsets.Length - 1; sum >= rank; sum--)
            {
                subsets[sum] += subsets[sum - rank];
            }
        }

        return subsets;
    }
}
