using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Tests the verdicts on measured ratios to the pin, which are judged against the accepted ratios.</summary>
public sealed class RatioVerdicts
{
    [Theory]
    [InlineData(0.00, 0.01, MetricOutcome.Unchanged, GateOutcome.Passed)]
    [InlineData(0.09, 0.01, MetricOutcome.Unchanged, GateOutcome.Passed)]
    [InlineData(0.11, 0.01, MetricOutcome.Drifting, GateOutcome.Passed)]
    [InlineData(-0.20, 0.01, MetricOutcome.Improved, GateOutcome.Passed)]
    [InlineData(0.14, 0.01, MetricOutcome.Inconclusive, GateOutcome.Inconclusive)]
    [InlineData(0.00, 0.50, MetricOutcome.Inconclusive, GateOutcome.Inconclusive)]
    [InlineData(0.16, 0.01, MetricOutcome.Regressed, GateOutcome.Regressed)]
    [InlineData(0.25, 0.05, MetricOutcome.Regressed, GateOutcome.Regressed)]
    public void A_ratio_is_judged_by_its_rule(double worseBy, double spread, MetricOutcome outcome, GateOutcome gate)
    {
        foreach (var (key, worse) in new[] { ("time", Worse.Higher), ("rate", Worse.Lower) })
        {
            var verdict = Judge(Synthetic.Metric(key, worseBy, spread, rounds: 40, worse));
            var metric = Assert.Single(verdict.Metrics);
            Assert.Equal((outcome, gate), (metric.Outcome, verdict.Outcome));
            Assert.Equal(Math.Log(1 + worseBy), metric.Change!.Value, precision: 9);
        }
    }

    [Fact]
    public void A_ratio_is_compared_with_the_accepted_ratio_and_not_with_1()
    {
        var session = Synthetic.Session(
            Synthetic.Metric("time", 0.30), Synthetic.Metric("rate", 0.30, worse: Worse.Lower, unit: "calls/s"));
        var baseline = Synthetic.Accepting(session);
        baseline = baseline with
        {
            Metrics = baseline.Metrics.SetItem("time", new AcceptedRatio("ms", Worse.Higher, 1.3, [1.2, 1.4], 80, 2))
                .SetItem("rate", new AcceptedRatio("calls/s", Worse.Lower, 1 / 1.3, [0.7, 0.8], 80, 2)),
        };
        var verdict = ScenarioVerdict.Of(session, baseline, Synthetic.Policy);
        Assert.All(
            verdict.Metrics, metric => Assert.Equal((MetricOutcome.Unchanged, 0), (metric.Outcome, Math.Round(metric.Change!.Value, 9))));
        Assert.Equal(1.3, verdict.Metrics[0].Accepted);

        // The accepted code is faster than the pin. Measured code that is only as fast as the pin has therefore regressed.
        var accepted = new AcceptedRatio("ms", Worse.Higher, 0.8, [0.7, 0.9], 80, 2);
        var fast = baseline with { Metrics = baseline.Metrics.SetItem("time", accepted).Remove("rate") };
        var lost = ScenarioVerdict.Of(Synthetic.Session(Synthetic.Metric("time", 0)), fast, Synthetic.Policy);
        Assert.Equal(MetricOutcome.Regressed, Assert.Single(lost.Metrics).Outcome);
    }

    [Fact]
    public void The_uncertainty_of_the_accepted_ratio_widens_the_bounds()
    {
        var session = Synthetic.Session(Synthetic.Metric("time", 0.10, 0));
        var baseline = Synthetic.Accepting(session);
        var accepted = new AcceptedRatio("ms", Worse.Higher, 1, [1 / 1.2, 1.2], 40, 1);
        var (exact, uncertain) = (Upper(baseline), Upper(baseline with { Metrics = baseline.Metrics.SetItem("time", accepted) }));
        Assert.Equal(Math.Log(1.10) + (2.6 * 0.02), exact, precision: 9);
        // The variance between runs, 0.02², counts twice, because this run and the run of the accepted ratio are two different runs.
        var variance = (2 * 0.02 * 0.02) + (accepted.StandardError * accepted.StandardError);
        Assert.Equal(Math.Log(1.10) + (2.6 * Math.Sqrt(variance)), uncertain, precision: 9);
        Assert.Equal(Math.Log(1.2) / 3.02, accepted.StandardError, precision: 9);

        double Upper(Baseline against) => Assert.Single(ScenarioVerdict.Of(session, against, Synthetic.Policy).Metrics).Change!.Upper;
    }

    [Fact]
    public void An_amount_that_grows_by_six_percent_has_regressed()
    {
        Assert.Equal(MetricOutcome.Regressed, Assert.Single(Judge(Synthetic.Metric("memory", 0.06, 0.001)).Metrics).Outcome);
        Assert.Equal(MetricOutcome.Unchanged, Assert.Single(Judge(Synthetic.Metric("memory", 0.02, 0.001)).Metrics).Outcome);
    }

    [Fact]
    public void Rounds_that_do_not_reach_the_first_interim_look_are_inconclusive()
    {
        var metric = Assert.Single(Judge(Synthetic.Metric("time", 0, rounds: 11)).Metrics);
        Assert.Equal((MetricOutcome.Inconclusive, null), (metric.Outcome, metric.Change));
    }

    [Fact]
    public void Without_an_accepted_ratio_or_count_a_metric_is_new()
    {
        var session = Synthetic.Session(Synthetic.Metric("time", 5), Synthetic.Count("count", 17));
        foreach (var baseline in new[] { null, Baseline.Empty("Startup", Synthetic.Pin) })
        {
            Assert.All(
                ScenarioVerdict.Of(session, baseline, Synthetic.Policy).Metrics, metric => Assert.Equal(MetricOutcome.New, metric.Outcome));
        }
    }

    [Fact]
    public void Without_a_pin_ratios_are_not_comparable_and_counts_and_limits_are_still_judged()
    {
        var session = Alone(
            Synthetic.Session(Synthetic.Metric("time", 0), Synthetic.Count("count", 17), Synthetic.Metric("limit", 0.3, pin: 1000)));
        var verdict = ScenarioVerdict.Of(
            session, Synthetic.Accepting(Synthetic.Session(Synthetic.Metric("time", 0), Synthetic.Count("count", 17))), Synthetic.Policy);
        Assert.Equal(
            [MetricOutcome.NotComparable, MetricOutcome.Unchanged, MetricOutcome.Informative],
            verdict.Metrics.Select(metric => metric.Outcome));
        Assert.Equal(GateOutcome.NotComparable, verdict.Outcome);
        Assert.Equal(TargetOutcome.Missed, verdict.Metrics[2].Target!.Outcome);
    }

    [Fact]
    public void A_metric_that_an_interim_look_has_decided_may_have_fewer_rounds_than_the_session()
    {
        var verdict = Judge(
            Synthetic.Metric("time", 0),
            Synthetic.Metric("rate", 0.25, worse: Worse.Lower),
            Synthetic.Count("count", 17),
            Synthetic.Metric("limit", 0),
            Synthetic.Metric("wait", 0, rounds: 18));
        MetricOutcome[] expected =
        [
            MetricOutcome.Unchanged, MetricOutcome.Regressed, MetricOutcome.Unchanged, MetricOutcome.Informative, MetricOutcome.Unchanged,
        ];
        Assert.Equal(expected, verdict.Metrics.Select(metric => metric.Outcome));
        Assert.Equal(18, verdict.Result.Rounds);
    }

    private static ScenarioVerdict Judge(params MetricResult[] metrics) =>
        ScenarioVerdict.Of(Synthetic.Session(metrics), Synthetic.Accepting(Synthetic.Session(metrics)), Synthetic.Policy);

    private static ScenarioResult Alone(ScenarioResult session) =>
        session with { Pin = null, Metrics = [.. session.Metrics.Select(metric => metric with { Pin = [] })] };
}
