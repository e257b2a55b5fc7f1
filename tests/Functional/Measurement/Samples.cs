using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class Samples
{
    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(0.25, 2)]
    [InlineData(0.5, 3)]
    [InlineData(0.9, 4.6)]
    [InlineData(1.0, 5)]
    public void A_quantile_is_interpolated_between_neighbours(double p, double expected) =>
        Assert.Equal(expected, new Sample([5, 3, 1, 4, 2]).Quantile(p), precision: 12);

    [Fact]
    public void The_median_of_an_even_count_is_the_mean_of_the_two_in_the_middle() =>
        Assert.Equal(2.5, new Sample([4, 1, 3, 2]).Median);

    [Fact]
    public void The_99th_percentile_of_5000_calls_is_not_their_maximum()
    {
        var sample = new Sample(Enumerable.Range(1, 5_000).Select(value => (double)value));
        Assert.InRange(sample.Quantile(0.99), 4_949, 4_952);
    }

    [Theory]
    [InlineData(new[] { 9.0 }, 9)]
    [InlineData(new[] { 9.0, 1.0 }, 1)]
    [InlineData(new[] { 100.0, 3.0, 1.0, 50.0, 2.0 }, 2)]
    [InlineData(new[] { 100.0, 3.0, 1.0, 50.0, 2.0, 6.0 }, 2)]
    public void The_mean_of_the_lower_half_ignores_the_upper_half(double[] values, double expected) =>
        Assert.Equal(expected, new Sample(values).LowerHalfMean, precision: 12);

    [Fact]
    public void An_empty_sample_is_refused() => Assert.Throws<ArgumentException>(() => new Sample([]));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_value_that_is_not_finite_is_refused(double value) => Assert.Throws<ArgumentException>(() => new Sample([1, value, 2]));

    [Fact]
    public void A_value_on_its_limit_misses_it()
    {
        Assert.True(new Metric("time", "ms", Worse.Higher, "").IsBeyond(10, 10));
        Assert.True(new Metric("rate", "calls/s", Worse.Lower, "").IsBeyond(500, 500));
    }
}
