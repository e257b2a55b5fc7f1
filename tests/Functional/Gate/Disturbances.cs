using System.Diagnostics;
using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests which disturbances from outside, such as stolen processor time, make a round not count.</summary>
public sealed class Disturbances
{
    private static readonly Disturbance Before =
        new(Steal: 1_000, Total: 100_000, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Monotonic: 0);

    [Theory]
    [InlineData(0, 10, null)]
    [InlineData(600, 10, null)]
    [InlineData(620, 10, "31 % of the processors' time was stolen")]
    [InlineData(0, 10.9, null)]
    [InlineData(0, 12, "the clock was set by 2 s")]
    [InlineData(0, 8, "the clock was set by -2 s")]
    public void A_round_counts_unless_processors_were_taken_away_or_the_clock_was_set(long stolen, double wall, string? reason)
    {
        var after = new Disturbance(
            Before.Steal + stolen, Before.Total + 2_000, Before.Wall + TimeSpan.FromSeconds(wall), 10 * Stopwatch.Frequency);
        Assert.Equal(reason, after.Since(Before));
    }

    [Fact]
    public void The_kernel_and_the_clocks_can_be_read()
    {
        var now = Disturbance.Now();
        Assert.InRange(now.Steal, 0, now.Total);
        Assert.Null(Disturbance.Now().Since(now));
    }
}
