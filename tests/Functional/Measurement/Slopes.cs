using Snakepit.Measurement.Statistics;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Tests the slope of measured points and its bounds.</summary>
public sealed class Slopes
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void The_distribution_of_inversions_equals_a_count_over_all_permutations(int count)
    {
        var inversions = Permutations([.. Enumerable.Range(0, count)]).Select(Inversions).ToList();
        for (var most = 0; most <= count * (count - 1) / 2; most++)
        {
            Assert.Equal(
                inversions.Count(one => one <= most) / (double)inversions.Count, InversionDistribution.Cumulative(count, most), 12);
        }
    }

    [Fact]
    public void The_rank_of_a_bound_is_the_largest_whose_error_is_small_enough()
    {
        for (var count = 2; count <= InversionDistribution.MaxCount; count++)
        {
            var rank = InversionDistribution.BoundRank(count, 0.025);
            Assert.True(rank == 0 || InversionDistribution.Cumulative(count, rank - 1) <= 0.025);
            Assert.True(InversionDistribution.Cumulative(count, rank) > 0.025);
        }

        Assert.Equal(0, InversionDistribution.BoundRank(4, 0.025)); // one permutation of 24 is more than 2.5 %
        Assert.Equal(6, InversionDistribution.BoundRank(8, 0.025)); // as in the tables for the slope of Theil and Sen
    }

    [Fact]
    public void Points_on_a_line_have_its_slope_and_bounds_that_equal_it()
    {
        Assert.Equal(new Slope(2, 2, 2), Slope.Of([.. Enumerable.Range(0, 8).Select(i => 5 + (20.0 * i))], distance: 10, level: 0.025));
        Assert.Equal(new Slope(0, 0, 0), Slope.Of([3, 3, 3, 3, 3, 3], distance: 1, level: 0.025));
    }

    [Fact]
    public void One_value_that_is_far_off_does_not_change_the_slope_much()
    {
        double[] values = [.. Enumerable.Range(0, 8).Select(i => 100.0 * i)];
        values[5] = 1e6;
        var slope = Slope.Of(values, distance: 1, level: 0.025);
        Assert.Equal(100, slope.Value);
        Assert.InRange(slope.Lower, 0, 100);
    }

    [Fact]
    public void Few_points_have_a_slope_without_bounds() =>
        Assert.Equal(new Slope(1, double.NegativeInfinity, double.PositiveInfinity), Slope.Of([1, 2, 3], distance: 1, level: 0.025));

    [Fact]
    public void The_true_slope_lies_between_the_bounds_as_often_as_they_promise()
    {
        const int Times = 4_000;
        var (random, below, above) = (new Random(7), 0, 0);
        for (var time = 0; time < Times; time++)
        {
            var slope = Slope.Of([.. Enumerable.Range(0, 8).Select(i => (3 * i) + Math.Pow(random.NextDouble(), 4))], 1, level: 0.025);
            below += slope.Upper < 3 ? 1 : 0;
            above += slope.Lower > 3 ? 1 : 0;
        }

        // The rank of 8 points has an error of 1.6 %, because the next one has more than 2.5 %.
        Assert.InRange((double)below / Times, 0.009, 0.023);
        Assert.InRange((double)above / Times, 0.009, 0.023);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(InversionDistribution.MaxCount + 1)]
    public void Too_few_or_too_many_points_are_refused(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Slope.Of(new double[count], distance: 1, level: 0.025));

    private static int Inversions(int[] values) =>
        values.Select((value, i) => values.Skip(i + 1).Count(later => later < value)).Sum();

    private static IEnumerable<int[]> Permutations(int[] values) => values.Length == 0
        ? [[]]
        : values.SelectMany(value => Permutations([.. values.Where(other => other != value)]).Select(rest => (int[])[value, .. rest]));
}
