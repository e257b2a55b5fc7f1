using Snakepit.Benchmarks.Commands;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Runs;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary><c>bench compare</c>: two runs by their ratios to the same pin.</summary>
public sealed class RunComparisons
{
    private static readonly RunResult Before = Run(Made.Metric("time", 0, rounds: 40), Made.Count("count", 17, rounds: 40));

    [Theory]
    [InlineData(0.00, Verdict.Unchanged, ExitCode.Pass)]
    [InlineData(0.25, Verdict.Regressed, ExitCode.Regression)]
    [InlineData(-0.30, Verdict.Improved, ExitCode.Pass)]
    [InlineData(0.14, Verdict.Inconclusive, ExitCode.MachineUnfit)]
    public void The_later_run_is_judged_against_the_earlier_one(double worseBy, Verdict expected, int code)
    {
        var after = Run(Made.Metric("time", worseBy, rounds: 40), Made.Count("count", 17, rounds: 40));
        var comparison = RunComparison.Of(Before, after, Made.Policy);
        Assert.Equal(expected, comparison.Verdict);
        Assert.Equal(Math.Log(1 + worseBy), comparison.Metrics[0].Change!.Value, precision: 9);
        Assert.Equal(code, CompareCommand.Compare(Before, after, Made.Policy));
    }

    [Fact]
    public void The_spread_between_jobs_counts_for_each_of_them()
    {
        var change = RunComparison.Of(Run(Made.Metric("time", 0, 0, 40)), Run(Made.Metric("time", 0, 0, 40)), Made.Policy).Metrics[0].Change!;
        Assert.Equal(2.6 * 0.02 * Math.Sqrt(2), change.Upper, precision: 9);
        Assert.Equal(-2.6 * 0.02 * Math.Sqrt(2), change.Lower, precision: 9);
    }

    [Fact]
    public void A_count_that_is_another_one_is_a_regression() => Assert.Equal(
        Verdict.Regressed, RunComparison.Of(Before, Run(Made.Metric("time", 0, rounds: 40), Made.Count("count", 18, rounds: 40)), Made.Policy).Verdict);

    [Fact]
    public void What_only_one_run_has_is_named_and_no_pass()
    {
        var comparison = RunComparison.Of(
            Made.Run("a", Made.Session(Made.Metric("time", 0, rounds: 40), Made.Metric("wait", 0)), Made.Session(Made.Metric("rate", 0)) with { Scenario = "Throughput" }),
            Made.Run("b", Made.Session(Made.Metric("time", 0, rounds: 40), Made.Metric("wait", 0) with { Pin = [] })),
            Made.Policy);
        Assert.Equal(["wait", "Throughput"], comparison.Lacking.AsEnumerable());
        Assert.Equal(Verdict.Inconclusive, comparison.Verdict);
    }

    [Fact]
    public void A_scenario_that_was_given_up_is_named_and_no_pass()
    {
        var given = Made.Run("a", Made.Session(Made.Metric("time", 0, rounds: 40)), Made.Session() with { Scenario = "Latency", Failure = "the host has ended" });
        var comparison = RunComparison.Of(given, given, Made.Policy);
        Assert.Equal(["Latency"], comparison.Lacking.AsEnumerable());
        Assert.Equal(Verdict.Inconclusive, comparison.Verdict);
    }

    [Fact]
    public void Different_pins_or_nothing_in_common_are_not_comparable()
    {
        var other = Made.Run("b", Made.Session(Made.Metric("time", 0)) with { Pin = new string('c', 40) });
        Assert.Contains("measure both against the same pin", Assert.Throws<NotComparableException>(() => CompareCommand.Compare(Before, other, Made.Policy)).Message, StringComparison.Ordinal);
        var elsewhere = Made.Run("b", Made.Session(Made.Metric("time", 0)) with { Scenario = "Latency" });
        Assert.Contains("no judged metric in common", Assert.Throws<NotComparableException>(() => CompareCommand.Compare(Before, elsewhere, Made.Policy)).Message, StringComparison.Ordinal);
    }

    private static RunResult Run(params MetricResult[] metrics) => Made.Run("run", Made.Session(metrics));
}
