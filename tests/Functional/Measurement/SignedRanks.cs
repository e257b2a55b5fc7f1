using Snakepit.Measurement.Statistics;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class SignedRanks
{
    private static readonly double[] Levels = [0.00125, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.49];

    public static TheoryData<int> CountsUpToTwelve { get; } = [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(CountsUpToTwelve))]
    public void The_distribution_equals_a_count_over_all_combinations_of_signs(int count)
    {
        var (combinations, shares) = (1 << count, Enumerated(count));
        for (var sum = 0; sum < shares.Length; sum++)
        {
            Assert.Equal(shares[sum], SignedRankDistribution.Cumulative(count, sum));
        }

        Assert.Equal(1.0 / combinations, shares[0]);
        Assert.Equal(1, SignedRankDistribution.Cumulative(count, shares.Length + 10));
    }

    [Theory]
    [MemberData(nameof(CountsUpToTwelve))]
    public void The_rank_of_a_bound_is_the_largest_with_an_error_within_the_level(int count)
    {
        var shares = Enumerated(count);
        foreach (var level in Levels)
        {
            var rank = SignedRankDistribution.BoundRank(count, level);
            Assert.True(rank == 0 || shares[rank - 1] <= level, $"{count} differences: rank {rank} errs more often than {level}");
            Assert.True(shares[rank] > level, $"{count} differences: rank {rank + 1} would do for {level}");
        }
    }

    [Fact]
    public void Ten_rounds_give_a_bound_at_the_level_of_the_gate_and_nine_give_none()
    {
        const double Level = 0.00125;
        Assert.Equal(1, SignedRankDistribution.BoundRank(10, Level));
        Assert.Equal(0, SignedRankDistribution.BoundRank(9, Level));
        Assert.Equal(double.NegativeInfinity, Estimate.Of(Synthetic.Alternating(0, 1, 9), Level).Lower);
        Assert.Equal(double.PositiveInfinity, Estimate.Of(Synthetic.Alternating(0, 1, 9), Level).Upper);
        Assert.Equal(
            (-1, 1), (
                Estimate.Of(Synthetic.Alternating(0, 1, 10), Level).Lower, Estimate.Of(Synthetic.Alternating(0, 1, 10), Level).Upper));
    }

    [Theory]
    [InlineData(8, 0.01)]
    [InlineData(8, 0.05)]
    [InlineData(11, 0.00125)]
    [InlineData(11, 0.025)]
    public void The_bounds_exclude_the_centre_for_exactly_as_many_combinations_of_signs_as_expected(int count, double level)
    {
        // All absolute values differ, so that there are no ties among the ranks.
        double[] sizes = [.. Enumerable.Range(1, count).Select(rank => rank + (0.01 * rank * rank))];
        var (below, above) = (0, 0);
        for (var combination = 0; combination < 1 << count; combination++)
        {
            var estimate = Estimate.Of([.. sizes.Select((size, rank) => ((combination >> rank) & 1) == 1 ? size : -size)], level);
            below += estimate.Upper < 0 ? 1 : 0;
            above += estimate.Lower > 0 ? 1 : 0;
        }

        var expected = Enumerated(count)[SignedRankDistribution.BoundRank(count, level) - 1] * (1 << count);
        Assert.Equal((expected, expected), (below, above));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(SignedRankDistribution.MaxCount + 1)]
    public void Too_few_and_too_many_differences_are_refused(int count)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SignedRankDistribution.BoundRank(count, 0.05));
        Assert.Throws<ArgumentOutOfRangeException>(() => Estimate.Of(new double[count], 0.05));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(0.5)]
    public void A_level_that_is_not_a_one_sided_error_probability_is_refused(double level) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SignedRankDistribution.BoundRank(12, level));

    [Fact]
    public void The_largest_number_of_differences_is_still_counted_exactly()
    {
        // The largest sum of ranks is 1830, and the distribution is symmetric about half of it.
        Assert.Equal(1, SignedRankDistribution.Cumulative(SignedRankDistribution.MaxCount, 1830));
        Assert.Equal(
            1 - SignedRankDistribution.Cumulative(SignedRankDistribution.MaxCount, 800),
            SignedRankDistribution.Cumulative(SignedRankDistribution.MaxCount, 1830 - 801),
            precision: 12);
    }

    /// <summary>
    /// Returns, for each sum, the share of all combinations of signs for which the positive ranks add up to that sum or less.
    /// </summary>
    private static double[] Enumerated(int count)
    {
        var combinations = new int[(count * (count + 1) / 2) + 1];
        for (var combination = 0; combination < 1 << count; combination++)
        {
            combinations[Enumerable.Range(1, count).Where(rank => ((combination >> (rank - 1)) & 1) == 1).Sum()]++;
        }

        var (shares, below) = (new double[combinations.Length], 0);
        for (var sum = 0; sum < combinations.Length; sum++)
        {
            shares[sum] = (below += combinations[sum]) / (double)(1 << count);
        }

        return shares;
    }
}
