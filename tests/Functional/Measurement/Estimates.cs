using Snakepit.Measurement.Statistics;
using Xunit.Abstractions;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class Estimates(ITestOutputHelper output)
{
    private static readonly Dictionary<string, Func<Random, double>> Distributions = new()
    {
        ["normal"] = random => random.Normal(),
        ["Laplace"] = random => Math.Log(1 - random.NextDouble()) * (random.Next(2) == 0 ? 1 : -1),
        ["uniform"] = random => (2 * random.NextDouble()) - 1,
        ["Cauchy"] = random => Math.Tan(Math.PI * (random.NextDouble() - 0.5)),
        ["normal with outliers"] = random => random.Normal() * (random.Next(10) == 0 ? 10 : 1),
    };

    [Theory]
    [InlineData(new double[] { 3 }, 3)]
    // The sorted averages of all pairs are 1, 1.5, 2, 2.5, 3, 4. Their median is between 2 and 2.5.
    [InlineData(new double[] { 4, 1, 2 }, 2.25)]
    // The sorted averages of all pairs are 1, 1.5, 2, 2, 2.5, 3, 5.5, 6, 6.5, 10. Their median is between 2.5 and 3.
    [InlineData(new double[] { 10, 1, 3, 2 }, 2.75)]
    [InlineData(new double[] { 0, 0, 0, 0, 1000 }, 0)]
    [InlineData(new double[] { -2, -1, 1, 2 }, 0)]
    public void The_value_is_the_median_of_all_averages_of_two_differences(double[] differences, double expected) =>
        Assert.Equal(expected, Estimate.Of(differences, 0.05).Value);

    [Fact]
    public void Each_bound_is_the_sorted_average_of_two_differences_that_the_signed_rank_counts_from_its_end()
    {
        // For six differences and an error probability of 0.05, each bound is the third of the sorted averages of pairs, counted from below
        // (1, 1.5, 2, 2, …) and from above (6, 5.5, 5, 5, …).
        var estimate = Estimate.Of([6, 1, 4, 3, 5, 2], 0.05);
        Assert.Equal(new Estimate(3.5, 2, 5, 6), estimate);
    }

    [Fact]
    public void Shifting_the_rounds_shifts_the_estimate_and_negating_them_negates_it()
    {
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            double[] rounds = [.. Enumerable.Range(0, 12 + random.Next(30)).Select(_ => random.Normal())];
            var (estimate, shift) = (Estimate.Of(rounds, 0.00125), random.Normal());
            var moved = Estimate.Of([.. rounds.Select(round => round + shift)], 0.00125);
            var turned = Estimate.Of([.. rounds.Select(round => -round)], 0.00125);
            Assert.Equal(estimate.Value + shift, moved.Value, 1e-12);
            Assert.Equal(estimate.Lower + shift, moved.Lower, 1e-12);
            Assert.Equal(estimate.Upper + shift, moved.Upper, 1e-12);
            Assert.Equal((-estimate.Value, -estimate.Upper, -estimate.Lower), (turned.Value, turned.Lower, turned.Upper));
        }
    }

    [Fact]
    public void The_order_of_the_rounds_makes_no_difference()
    {
        double[] rounds = [.. Enumerable.Range(0, 18).Select(round => Math.Sin(round * round))];
        Assert.Equal(Estimate.Of(rounds, 0.005), Estimate.Of([.. rounds.Reverse()], 0.005));
    }

    [Theory]
    [InlineData(12, 0.00125, 20_000)]
    [InlineData(12, 0.025, 4_000)]
    [InlineData(27, 0.00125, 5_000)]
    [InlineData(40, 0.005, 1_500)]
    public void Bounds_err_with_the_exact_probability_for_any_symmetric_distribution(int count, double level, int trials)
    {
        var exact = SignedRankDistribution.Cumulative(count, SignedRankDistribution.BoundRank(count, level) - 1);
        Assert.True(exact <= level);
        foreach (var (name, draw) in Distributions)
        {
            var (random, rounds) = (new Random(count + name.Length), new double[count]);
            var (below, above) = (0, 0);
            for (var trial = 0; trial < trials; trial++)
            {
                for (var i = 0; i < count; i++)
                {
                    rounds[i] = 0.3 + draw(random);
                }

                var estimate = Estimate.Of(rounds, level);
                below += estimate.Upper < 0.3 ? 1 : 0;
                above += estimate.Lower > 0.3 ? 1 : 0;
            }

            output.WriteLine(
                $"{count} rounds, {name}: {Synthetic.Percent((double)below / trials)} % below and "
                + $"{Synthetic.Percent((double)above / trials)} % above, exactly {Synthetic.Percent(exact)} %");
            var (expected, slack) = (exact * trials, 4 * Math.Sqrt(exact * (1 - exact) * trials));
            Assert.InRange(below, expected - slack, expected + slack);
            Assert.InRange(above, expected - slack, expected + slack);
        }
    }

    [Fact]
    public void The_spread_between_jobs_widens_the_bounds_and_does_not_move_the_value()
    {
        var widened = new Estimate(1, 1 - 0.3, 1 + 0.5, 12).Widened(0.4 / 2.6);
        Assert.Equal((1, 12), (widened.Value, widened.Count));
        Assert.Equal(1 - 0.5, widened.Lower, precision: 12); // The widened distance of the bound is √(0.3² + 0.4²) = 0.5.
        Assert.Equal(1 + Math.Sqrt(0.25 + 0.16), widened.Upper, precision: 12);
        Assert.Equal(new Estimate(1, 0, 3, 12), new Estimate(1, 0, 3, 12).Widened(0));
        Assert.Equal(double.NegativeInfinity, new Estimate(1, double.NegativeInfinity, double.PositiveInfinity, 3).Widened(0.02).Lower);
    }

    [Fact]
    public void The_errors_of_sums_and_differences_add_as_squares()
    {
        var (one, other) = (new Estimate(10, 10 - 3, 10 + 6, 12), new Estimate(1, 1 - 4, 1 + 8, 10));
        Assert.Equal(new Estimate(11, 11 - 5, 11 + 10, 10), one.Plus(other));
        Assert.Equal(new Estimate(9, 9 - Math.Sqrt(9 + 64), 9 + Math.Sqrt(36 + 16), 10), one.Plus(other, -1));
    }
}
