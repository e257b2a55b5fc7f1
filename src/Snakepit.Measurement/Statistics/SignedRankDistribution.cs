namespace Snakepit.Measurement.Statistics;

/// <summary>
/// The exact distribution of the Wilcoxon signed-rank statistic: of the sum of those ranks 1 to n that have a positive sign, when each sign
/// is positive with probability ½. It is computed by counting, for every sum, the subsets of the ranks that add up to it (Wilcoxon 1945;
/// Hollander and Wolfe, Nonparametric Statistical Methods, section 3.1).
/// </summary>
public static class SignedRankDistribution
{
    /// <summary>The largest number of differences: there are 2 to this power subsets, and their counts must fit into 64 bits.</summary>
    public const int MaxCount = 60;

    private static readonly ulong[]?[] Cache = new ulong[MaxCount + 1][];

    /// <summary>The probability that the sum is at most <paramref name="sum"/>.</summary>
    /// <param name="count">The number of differences, from 1 to <see cref="MaxCount"/>.</param>
    /// <param name="sum">A sum of ranks.</param>
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
    /// The position, counted from 1 at either end of the sorted Walsh averages, of the average that bounds the centre with an error
    /// probability of at most <paramref name="level"/>; 0 if there are too few differences for such a bound.
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

    /// <summary>The number of subsets of the ranks 1 to <paramref name="count"/> for each sum, which is the index.</summary>
    private static ulong[] SubsetsBySum(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        // Two threads may both compute an entry; the results are equal, so either may be kept.
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
