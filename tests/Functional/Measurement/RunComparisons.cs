using Snakepit.Benchmarks.Commands;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Tests how the command <c>bench compare</c> compares two runs by their ratios to the same pin.</summary>
public sealed class RunComparisons
{
    private static readonly RunResult Before = Run(Synthetic.Metric("time", 0, rounds: 40), Synthetic.Count("count", 17, rounds: 40));

    [Theory]
    [InlineData(0.00, Verdict.Unchanged, ExitCode.Pass)]
    [InlineData(0.25, Verdict.Regressed, ExitCode.Regression)]
    [InlineData(-0.30, Verdict.Improved, ExitCode.Pass)]
    [InlineData(0.14, Verdict.Inconclusive, ExitCode.MachineUnfit)]
    public void The_later_run_is_judged_against_the_earlier_one(double worseBy, Verdict expected, int code)
    {
        var after = Run(Synthetic.Metric("time", worseBy, rounds: 40), Synthetic.Count("count", 17, rounds: 40));
        var comparison = RunComparison.Of(Before, after, Synthetic.Policy);
        Assert.Equal(expected, comparison.Verdict);
        Assert.Equal(Math.Log(1 + worseBy), comparison.Metrics[0].Change!.Value, precision: 9);
        Assert.Equal(code, CompareCommand.Compare(Before, after, Synthetic.Policy));
    }

    [Fact]
    public void The_spread_between_jobs_counts_for_each_of_the_two_runs()
    {
        var change = RunComparison.Of(
            Run(Synthetic.Metric("time", 0, 0, 40)), Run(Synthetic.Metric("time", 0, 0, 40)), Synthetic.Policy).Metrics[0].Change!;
        Assert.Equal(2.6 * 0.02 * Math.Sqrt(2), change.Upper, precision: 9);
        Assert.Equal(-2.6 * 0.02 * Math.Sqrt(2), change.Lower, precision: 9);
    }

    [Theory]
    [InlineData(500, 500, Verdict.Unchanged)]
    [InlineData(500, 1500, Verdict.Regressed)]
    public void A_limit_that_the_later_run_misses_is_a_regression_also_for_a_metric_without_a_rule(
        double pin, double value, Verdict expected)
    {
        var time = Synthetic.Metric("time", 0, rounds: 40);
        var limit = Synthetic.Metric("limit", (value / pin) - 1, rounds: 40, pin: pin);
        var comparison = RunComparison.Of(Before, Run(time, Synthetic.Count("count", 17, rounds: 40), limit), Synthetic.Policy);
        Assert.Equal(expected, comparison.Verdict);
        Assert.Equal(expected == Verdict.Regressed ? 1 : 0, comparison.MissedTargets.Length);
        Assert.All(
            comparison.MissedTargets, told => Assert.StartsWith("target missed: limit must be < 1,000", told, StringComparison.Ordinal));
    }

    [Fact]
    public void A_count_that_differs_is_a_regression() => Assert.Equal(
        Verdict.Regressed, RunComparison.Of(
            Before, Run(Synthetic.Metric("time", 0, rounds: 40), Synthetic.Count("count", 18, rounds: 40)), Synthetic.Policy).Verdict);

    [Fact]
    public void A_metric_that_only_one_run_has_is_named_and_prevents_a_pass()
    {
        var comparison = RunComparison.Of(
            Synthetic.Run(
                "a",
                Synthetic.Session(Synthetic.Metric("time", 0, rounds: 40), Synthetic.Metric("wait", 0)),
                Synthetic.Session(Synthetic.Metric("rate", 0)) with { Scenario = "Throughput" }),
            Synthetic.Run("b", Synthetic.Session(Synthetic.Metric("time", 0, rounds: 40), Synthetic.Metric("wait", 0) with { Pin = [] })),
            Synthetic.Policy);
        Assert.Equal(["wait", "Throughput"], comparison.Missing.AsEnumerable());
        Assert.Equal(Verdict.Inconclusive, comparison.Verdict);
    }

    [Fact]
    public void A_scenario_that_was_aborted_is_named_and_prevents_a_pass()
    {
        var given = Synthetic.Run(
            "a",
            Synthetic.Session(Synthetic.Metric("time", 0, rounds: 40)),
            Synthetic.Session() with { Scenario = "Latency", Failure = "the host has ended" });
        var comparison = RunComparison.Of(given, given, Synthetic.Policy);
        Assert.Equal(["Latency"], comparison.Missing.AsEnumerable());
        Assert.Equal(Verdict.Inconclusive, comparison.Verdict);
    }

    [Fact]
    public void Runs_with_different_pins_or_without_a_common_metric_are_not_comparable()
    {
        var other = Synthetic.Run("b", Synthetic.Session(Synthetic.Metric("time", 0)) with { Pin = new string('c', 40) });
        Assert.Contains(
            "against the same pin",
            Assert.Throws<NotComparableException>(() => CompareCommand.Compare(Before, other, Synthetic.Policy)).Message,
            StringComparison.Ordinal);
        var elsewhere = Synthetic.Run("b", Synthetic.Session(Synthetic.Metric("time", 0)) with { Scenario = "Latency" });
        Assert.Contains(
            "no judged metric in common",
            Assert.Throws<NotComparableException>(() => CompareCommand.Compare(Before, elsewhere, Synthetic.Policy)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Worse.Lower, "ms")]
    [InlineData(Worse.Higher, "s")]
    public void A_metric_with_another_direction_or_unit_is_not_comparable(Worse worse, string unit)
    {
        var after = Run(Synthetic.Metric("time", 0.5, rounds: 40, worse: worse, unit: unit), Synthetic.Count("count", 17, rounds: 40));
        var refused = Assert.Throws<NotComparableException>(() => CompareCommand.Compare(Before, after, Synthetic.Policy));
        Assert.Contains("time was measured in ms, where more is worse, before", refused.Message, StringComparison.Ordinal);
    }

    private static RunResult Run(params MetricResult[] metrics) => Synthetic.Run("run", Synthetic.Session(metrics));
}
