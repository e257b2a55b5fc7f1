using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Tests the thresholds of a rule, each with values just above and just below it.</summary>
public sealed class RatioRules
{
    private const double Epsilon = 1e-9;

    private static readonly RatioRule Time = new(
        Negligible: 1.05, Tolerance: 1.15, MustDetect: 1.20, Improvement: 0.95, BetweenJobSd: 0.02);
    private static readonly RatioRule WithoutTau = Time with { BetweenJobSd = 0 };

    [Theory]
    [InlineData(1.15, 1.05, 1, Verdict.Regressed)]
    [InlineData(1.15, 1.05, -1, Verdict.Inconclusive)] // The lower bound is just below the negligible change.
    [InlineData(2.00, 1.05, -1, Verdict.Inconclusive)]
    [InlineData(2.00, 1.05, 1, Verdict.Regressed)]
    public void A_regression_has_a_lower_bound_above_five_percent(double value, double lower, int side, Verdict expected) =>
        Assert.Equal(expected, WithoutTau.Judge(new Estimate(Math.Log(value), Math.Log(lower) + (side * Epsilon), Math.Log(2.5), 12)));

    [Theory]
    [InlineData(0, Verdict.Regressed)]
    [InlineData(-1, Verdict.Inconclusive)]
    public void A_regression_is_estimated_at_fifteen_percent_or_more(int side, Verdict expected) =>
        Assert.Equal(expected, WithoutTau.Judge(new Estimate(Math.Log(1.15) + (side * Epsilon), Math.Log(1.10), Math.Log(1.30), 12)));

    [Theory]
    [InlineData(-1, Verdict.Improved)]
    [InlineData(1, Verdict.Unchanged)]
    public void An_improvement_has_an_upper_bound_below_minus_five_percent(int side, Verdict expected) =>
        Assert.Equal(expected, WithoutTau.Judge(new Estimate(Math.Log(0.9), Math.Log(0.8), Math.Log(0.95) + (side * Epsilon), 12)));

    [Theory]
    [InlineData(-1, Verdict.Unchanged)]
    [InlineData(1, Verdict.Inconclusive)]
    public void An_unchanged_metric_has_an_upper_bound_below_twenty_percent(int side, Verdict expected) =>
        Assert.Equal(expected, WithoutTau.Judge(new Estimate(Math.Log(1.10), Math.Log(1.00), Math.Log(1.20) + (side * Epsilon), 12)));

    [Fact]
    public void A_certain_eighteen_percent_is_a_regression_although_only_twenty_must_be_detected() =>
        Assert.Equal(Verdict.Regressed, WithoutTau.Judge(new Estimate(Math.Log(1.18), Math.Log(1.17), Math.Log(1.19), 12)));

    [Fact]
    public void The_bounds_are_widened_by_the_spread_between_jobs_before_they_are_judged()
    {
        var half = 2.6 * 0.02;
        Assert.Equal(Verdict.Regressed, WithoutTau.Judge(Point(Math.Log(1.15))));
        Assert.Equal(Verdict.Regressed, Time.Judge(Point(Math.Log(1.15))));
        Assert.Equal(Verdict.Unchanged, Time.Judge(Point(Math.Log(1.2) - half - Epsilon)));
        Assert.Equal(Verdict.Inconclusive, Time.Judge(Point(Math.Log(1.2) - half + Epsilon)));
        Assert.Equal(Verdict.Improved, Time.Judge(Point(Math.Log(0.95) - half - Epsilon)));
        Assert.Equal(Verdict.Unchanged, Time.Judge(Point(Math.Log(0.95) - half + Epsilon)));
        Assert.True(Time.Confirms(Point(Math.Log(1.05) + half + Epsilon)));
        Assert.False(Time.Confirms(Point(Math.Log(1.05) + half - Epsilon)));
    }

    [Fact]
    public void Drift_is_reported_from_ten_percent_on() => Assert.Equal(1.10, Time.Drift, precision: 12);

    private static Estimate Point(double value) => new(value, value, value, 12);
}
