using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Runs;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Tests that a regression counts only if a second measurement session confirms it.</summary>
public sealed class ConfirmedVerdicts
{
    [Theory]
    [InlineData(0.25, MetricOutcome.Regressed)]
    [InlineData(0.12, MetricOutcome.Regressed)]
    [InlineData(0.00, MetricOutcome.NotConfirmed)]
    [InlineData(-0.20, MetricOutcome.NotConfirmed)]
    public void A_regression_counts_if_a_second_session_confirms_it(double again, MetricOutcome outcome)
    {
        var session = Synthetic.Session(Synthetic.Metric("time", 0.25), Synthetic.Metric("wait", 0.25));
        var baseline = Synthetic.Accepting(session);
        Assert.All(ScenarioVerdict.Of(session, baseline, Synthetic.Policy).Metrics, metric => Assert.True(metric.IsSuspect));

        var second = Synthetic.Session(Synthetic.Metric("time", again, rounds: 40), Synthetic.Metric("wait", 0.25, rounds: 40));
        var confirmed = session with { Confirmation = second };
        var metrics = ScenarioVerdict.Of(confirmed, baseline, Synthetic.Policy).Metrics;
        Assert.Equal([outcome, MetricOutcome.Regressed], metrics.Select(metric => metric.Outcome));
        Assert.All(metrics, metric => Assert.False(metric.IsSuspect));
        Assert.Equal(Math.Log(1 + again), metrics[0].Confirmation!.Estimate!.Value, precision: 9);
        Assert.Equal(Math.Log(1.25), metrics[0].Change!.Value, precision: 9);
    }

    [Fact]
    public void A_second_session_that_decides_nothing_is_inconclusive()
    {
        var second = Synthetic.Session(Synthetic.Metric("time", 0, 0.5, rounds: 40));
        var session = Synthetic.Session(Synthetic.Metric("time", 0.25)) with { Confirmation = second };
        var verdict = ScenarioVerdict.Of(session, Synthetic.Accepting(session), Synthetic.Policy);
        Assert.Equal((MetricOutcome.Inconclusive, GateOutcome.Inconclusive), (Assert.Single(verdict.Metrics).Outcome, verdict.Outcome));
    }

    [Fact]
    public void A_second_session_does_not_count_for_a_metric_that_the_first_found_unchanged()
    {
        var second = Synthetic.Session(Synthetic.Metric("time", 0.5));
        var session = Synthetic.Session(Synthetic.Metric("time", 0)) with { Confirmation = second };
        var metric = Assert.Single(ScenarioVerdict.Of(session, Synthetic.Accepting(session), Synthetic.Policy).Metrics);
        Assert.Equal((MetricOutcome.Unchanged, null), (metric.Outcome, metric.Confirmation));
    }

    [Fact]
    public void A_metric_that_the_second_session_did_not_measure_stays_regressed()
    {
        var second = Synthetic.Session(Synthetic.Metric("wait", 0));
        var session = Synthetic.Session(Synthetic.Metric("time", 0.25)) with { Confirmation = second };
        Assert.Equal(
            MetricOutcome.Regressed,
            Assert.Single(ScenarioVerdict.Of(session, Synthetic.Accepting(session), Synthetic.Policy).Metrics).Outcome);
    }

    [Fact]
    public void A_metric_that_lacks_rounds_of_the_second_session_breaks_the_gate()
    {
        var again = Synthetic.Metric("time", 0.25);
        var second = Synthetic.Session(again with { Pin = again.Pin[1..] });
        var session = Synthetic.Session(Synthetic.Metric("time", 0.25)) with { Confirmation = second };
        var metric = Assert.Single(ScenarioVerdict.Of(session, Synthetic.Accepting(session), Synthetic.Policy).Metrics);
        Assert.Equal(MetricOutcome.Broken, metric.Outcome);
        Assert.EndsWith("in the second session", metric.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_suspect_does_not_hide_other_outcomes_while_it_waits_for_confirmation()
    {
        var suspect = Judge(Synthetic.Metric("time", 0.25), Synthetic.Metric("wait", 0));
        Assert.Equal((GateOutcome.Regressed, GateOutcome.Passed), (suspect.Outcome, suspect.OutcomeWithoutSuspects));
        var undecided = Judge(Synthetic.Metric("time", 0.25), Synthetic.Metric("wait", 0, 0.5));
        Assert.Equal((GateOutcome.Regressed, GateOutcome.Inconclusive), (undecided.Outcome, undecided.OutcomeWithoutSuspects));
        var accepted = Synthetic.Accepting(Synthetic.Session(Synthetic.Metric("time", 0.25), Synthetic.Count("count", 17)));
        var session = Synthetic.Session(Synthetic.Metric("time", 0.25), Synthetic.Count("count", 18));
        var counted = ScenarioVerdict.Of(session, accepted, Synthetic.Policy);
        Assert.Equal(GateOutcome.Regressed, counted.OutcomeWithoutSuspects);
    }

    private static ScenarioVerdict Judge(params MetricResult[] metrics) =>
        ScenarioVerdict.Of(Synthetic.Session(metrics), Synthetic.Accepting(Synthetic.Session(metrics)), Synthetic.Policy);
}
