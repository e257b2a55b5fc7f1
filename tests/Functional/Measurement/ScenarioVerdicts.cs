using System.Collections.Immutable;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Tests the verdicts on counts and on metrics that are not judged, and the outcome of a whole session.</summary>
public sealed class ScenarioVerdicts
{
    [Fact]
    public void A_metric_that_the_policy_does_not_list_is_not_judged()
    {
        var verdict = Judge(Synthetic.Metric("unheard_of", 5));
        Assert.Equal((MetricOutcome.Informative, GateOutcome.Passed), (Assert.Single(verdict.Metrics).Outcome, verdict.Outcome));
    }

    [Theory]
    [InlineData(new double[] { 17 }, MetricOutcome.Unchanged)]
    [InlineData(new double[] { 18 }, MetricOutcome.CountChanged)]
    [InlineData(new double[] { 16 }, MetricOutcome.CountChanged)]
    [InlineData(new double[] { 17, 18 }, MetricOutcome.CountChanged)]
    public void A_count_that_differs_from_the_accepted_one_in_any_round_has_changed(double[] counts, MetricOutcome outcome)
    {
        var accepted = Synthetic.Session(Synthetic.Count("count", 17));
        ImmutableArray<double> rounds = [.. Enumerable.Range(0, 12).Select(round => counts[round % counts.Length])];
        var session = accepted with { Metrics = [accepted.Metrics[0] with { Candidate = rounds }] };
        var metric = Assert.Single(ScenarioVerdict.Of(session, Synthetic.Accepting(accepted), Synthetic.Policy).Metrics);
        Assert.Equal(outcome, metric.Outcome);
        if (outcome == MetricOutcome.CountChanged)
        {
            Assert.Equal($"count was {string.Join(" and ", counts)} processes, accepted is 17", metric.Problem);
        }
    }

    [Fact]
    public void Changed_counts_come_first_among_the_regressions_and_then_the_largest_change()
    {
        var accepted = Synthetic.Session(
            Synthetic.Metric("time", 0.20), Synthetic.Metric("unheard_of", 9), Synthetic.Metric(
                "rate", 0.60, worse: Worse.Lower), Synthetic.Metric("wait", 0.40), Synthetic.Count("count", 17));
        var session = accepted with { Metrics = accepted.Metrics.SetItem(4, Synthetic.Count("count", 18)) };
        var verdict = ScenarioVerdict.Of(session, Synthetic.Accepting(accepted), Synthetic.Policy);
        Assert.Equal(["count", "rate", "wait", "time"], verdict.Regressed.Select(metric => metric.Key));
    }

    [Fact]
    public void The_worst_outcome_of_a_metric_is_the_outcome_of_the_session()
    {
        var (unchanged, regressed, inconclusive) = (
            Synthetic.Metric("time", 0, rounds: 40),
            Synthetic.Metric("wait", 0.25, rounds: 40),
            Synthetic.Metric("memory", 0, 0.5, rounds: 40));
        var unpaired = Synthetic.Metric("rate", 0, rounds: 40, worse: Worse.Lower) with { Pin = [] };
        Assert.Equal(GateOutcome.Passed, Judge(unchanged).Outcome);
        Assert.Equal(GateOutcome.Inconclusive, Judge(unchanged, inconclusive).Outcome);
        Assert.Equal(GateOutcome.Regressed, Judge(unchanged, inconclusive, regressed).Outcome);
        Assert.Equal(GateOutcome.Broken, Judge(unpaired, unchanged, inconclusive, regressed).Outcome);
        Assert.Equal(
            [
                GateOutcome.Passed, GateOutcome.Inconclusive, GateOutcome.NotComparable, GateOutcome.Regressed, GateOutcome.Broken
            ], Enum.GetValues<GateOutcome>().Order());
    }

    private static ScenarioVerdict Judge(params MetricResult[] metrics) =>
        ScenarioVerdict.Of(Synthetic.Session(metrics), Synthetic.Accepting(Synthetic.Session(metrics)), Synthetic.Policy);
}
