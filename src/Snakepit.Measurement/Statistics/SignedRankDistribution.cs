namespace Snakepit.Measurement.Statistics;

/// <summary>
/// The distribution of Wilcoxon's signed-rank statistic: the sum of the ranks 1 to n that carry a plus sign, when each sign is a fair coin. Exact,
/// by counting the subsets of the ranks with each sum (Wilcoxon 1945; Hollander and Wolfe, Nonparametric Statistical Methods, section 3.1).
/// </summary>
public static class SignedRankDistribution
{
    /// <summary>The most differences: beyond, the counts would leave the range in which they are exact.</summary>
    public const int Most = 60;

    private static readonly ulong[]?[] Known = new ulong[Most + 1][];

    /// <summary>The probability that the sum is <paramref name="sum"/> or less.</summary>
    /// <param name="count">How many differences there are, from 1 to <see cref="Most"/>.</param>
    /// <param name="sum">A sum of ranks.</param>
    public static double Cumulative(int count, int sum)
    {
        var ways = Ways(count);
        var below = 0UL;
        for (var i = 0; i <= Math.Min(sum, ways.Length - 1); i++)
        {
            below += ways[i];
        }

        return below / Math.Pow(2, count);
    }

    /// <summary>
    /// Which of the sorted Walsh averages, counted from an end and from 1, bounds the centre with an error of at most <paramref name="level"/> at
    /// that end; 0 if there are too few differences for such a bound.
    /// </summary>
    /// <param name="count">How many differences there are, from 1 to <see cref="Most"/>.</param>
    /// <param name="level">The largest probability of an error at one end, between 0 and 0.5.</param>
    public static int BoundRank(int count, double level)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(level, 0.5);
        var ways = Ways(count);
        var allowed = level * Math.Pow(2, count);
        var below = 0UL;
        var rank = 0;
        while (below + ways[rank] <= allowed)
        {
            below += ways[rank++];
        }

        return rank;
    }

    /// <summary>In how many ways each sum comes about. Counted once: two threads at the same time count the same.</summary>
    private static ulong[] Ways(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Most);
        return Known[count] ??= Counted(count);
    }

    private static ulong[] Counted(int count)
    {
        var ways = new ulong[(count * (count + 1) / 2) + 1];
        ways[0] = 1;
        for (var rank = 1; rank <= count; rank++)
        {
            for (var sum = ways.Length - 1; sum >= rank; sum--)
            {
                ways[sum] += ways[sum - rank];
            }
        }

        return ways;
    }
}
