using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class WindowedQuantiles
{
    [Fact]
    public void A_pause_in_one_window_of_many_counts_little_and_a_pause_in_every_window_counts_fully()
    {
        const int Calls = 5_000;
        const int WindowCount = 40;
        const int Length = Calls / WindowCount;
        Assert.Equal(1, WindowedQuantile.Of(WithPauses(0), WindowCount, 0.99), precision: 9);
        Assert.Equal(Math.Pow(20, 1.0 / WindowCount), WindowedQuantile.Of(WithPauses(1), WindowCount, 0.99), precision: 9);
        Assert.Equal(Math.Pow(20, 10.0 / WindowCount), WindowedQuantile.Of(WithPauses(10), WindowCount, 0.99), precision: 9);
        Assert.Equal(20, WindowedQuantile.Of(WithPauses(WindowCount), WindowCount, 0.99), precision: 9);
        // A single pause already raises the quantile of all values from 1 to 20.
        Assert.Equal(20, new Sample(WithPauses(1)).Quantile(0.99), precision: 9);

        // In each of the first windows, a pause makes 60 calls take 20 ms instead of 1 ms.
        static double[] WithPauses(int windows) =>
            [.. Enumerable.Range(0, Calls).Select(call => call / Length < windows && call % Length < 60 ? 20.0 : 1.0)];
    }

    [Fact]
    public void A_remainder_that_does_not_fill_a_window_is_ignored() =>
        Assert.Equal(2, WindowedQuantile.Of([2, 2, 2, 2, 1_000], 2, 1), precision: 12);

    [Theory]
    [InlineData(4, 1.0)]
    [InlineData(2, 0.0)]
    public void A_list_with_fewer_values_than_windows_or_with_a_value_that_is_not_positive_is_refused(int windows, double least) =>
        Assert.Throws<ArgumentException>(() => WindowedQuantile.Of([least, 2, 3], windows, 0.5));
}
