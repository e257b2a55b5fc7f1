using Snakepit.Measurement.Statistics;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class SignedRanks
{
    private static readonly double[] Levels = [0.00125, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.49];

    public static TheoryData<int> UpToTwelve { get; } = [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(UpToTwelve))]
    public void The_distribution_is_that_of_all_sign_tables(int count)
    {
        var (tables, shares) = (1 << count, Enumerated(count));
        for (var sum = 0; sum < shares.Length; sum++)
        {
            Assert.Equal(shares[sum], SignedRankDistribution.Cumulative(count, sum));
        }

        Assert.Equal(1.0 / tables, shares[0]);
        Assert.Equal(1, SignedRankDistribution.Cumulative(count, shares.Length + 10));
    }

    [Theory]
    [MemberData(nameof(UpToTwelve))]
    public void The_rank_of_a_bound_is_the_largest_whose_error_is_within_the_level(int count)
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
    public void Ten_rounds_give_a_bound_at_the_gates_level_and_nine_give_none()
    {
        const double Level = 0.00125;
        Assert.Equal(1, SignedRankDistribution.BoundRank(10, Level));
        Assert.Equal(0, SignedRankDistribution.BoundRank(9, Level));
        Assert.Equal(double.NegativeInfinity, Estimate.Of(Synthetic.ByTurns(0, 1, 9), Level).Lower);
        Assert.Equal(double.PositiveInfinity, Estimate.Of(Synthetic.ByTurns(0, 1, 9), Level).Upper);
        Assert.Equal((-1, 1), (Estimate.Of(Synthetic.ByTurns(0, 1, 10), Level).Lower, Estimate.Of(Synthetic.ByTurns(0, 1, 10), Level).Upper));
    }

    [Theory]
    [InlineData(8, 0.01)]
    [InlineData(8, 0.05)]
    [InlineData(11, 0.00125)]
    [InlineData(11, 0.025)]
    public void As_many_sign_tables_put_the_centre_out_of_bounds_as_the_distribution_says(int count, double level)
    {
        // Sizes of which no two are alike: every table has its own sum of ranks.
        double[] sizes = [.. Enumerable.Range(1, count).Select(rank => rank + (0.01 * rank * rank))];
        var (below, above) = (0, 0);
        for (var table = 0; table < 1 << count; table++)
        {
            var estimate = Estimate.Of([.. sizes.Select((size, rank) => ((table >> rank) & 1) == 1 ? size : -size)], level);
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
    public void A_level_that_is_no_error_of_one_side_is_refused(double level) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SignedRankDistribution.BoundRank(12, level));

    [Fact]
    public void The_most_differences_are_still_counted_exactly()
    {
        // Symmetric about half of the largest sum, so that exactly half of the tables lie on either side of the middle (which no sum can be).
        Assert.Equal(1, SignedRankDistribution.Cumulative(SignedRankDistribution.MaxCount, 1830));
        Assert.Equal(
            1 - SignedRankDistribution.Cumulative(SignedRankDistribution.MaxCount, 800),
            SignedRankDistribution.Cumulative(SignedRankDistribution.MaxCount, 1830 - 801),
            precision: 12);
    }

    /// <summary>The share of all tables of signs whose positive ranks add up to each sum or less.</summary>
    private static double[] Enumerated(int count)
    {
        var tables = new int[(count * (count + 1) / 2) + 1];
        for (var table = 0; table < 1 << count; table++)
        {
            tables[Enumerable.Range(1, count).Where(rank => ((table >> (rank - 1)) & 1) == 1).Sum()]++;
        }

        var (shares, below) = (new double[tables.Length], 0);
        for (var sum = 0; sum < tables.Length; sum++)
        {
            shares[sum] = (below += tables[sum]) / (double)(1 << count);
        }

        return shares;
    }
}
