using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>
/// Tests that a session does not pass if its metrics, its sides or its policy were tampered with, on purpose or by mistake.
/// </summary>
public sealed class Mutations
{
    private static readonly ScenarioResult Same = Synthetic.UnchangedSession;

    private static readonly Baseline Accepted = Synthetic.Accepting(Same);

    [Fact]
    public void Without_tampering_the_gate_passes() =>
        Assert.Equal(GateOutcome.Passed, ScenarioVerdict.Of(Same, Accepted, Synthetic.Policy).Outcome);

    [Fact]
    public void A_metric_with_another_direction_or_unit_than_accepted_breaks_the_gate()
    {
        // If the direction in which the metric gets worse were reversed unnoticed, this regression would look like an improvement.
        var slower = Synthetic.Metric("time", 0.3);
        foreach (var edited in new[] { slower with { Worse = Worse.Lower }, slower with { Unit = "s" } })
        {
            var verdict = ScenarioVerdict.Of(With(edited), Accepted, Synthetic.Policy);
            Assert.Equal(GateOutcome.Broken, verdict.Outcome);
            Assert.Contains(
                "time was accepted in ms, more is worse, and measured in", verdict.Metrics[0].Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Swapped_sides_turn_an_improvement_into_a_regression_and_never_pass_as_unchanged()
    {
        // The session runner checks that each side is the right build. This test shows that swapped sides would not look unchanged.
        Assert.Equal(
            GateOutcome.Regressed, ScenarioVerdict.Of(With(Swapped(Synthetic.Metric("time", -0.25))), Accepted, Synthetic.Policy).Outcome);
        Assert.Equal(
            GateOutcome.Regressed,
            ScenarioVerdict.Of(
                With(Swapped(Synthetic.Metric("rate", -0.25, worse: Worse.Lower, unit: "calls/s"))), Accepted, Synthetic.Policy).Outcome);
        var regressed = ScenarioVerdict.Of(With(Swapped(Synthetic.Metric("time", 0.25))), Accepted, Synthetic.Policy);
        Assert.Equal(MetricOutcome.Improved, regressed.Metrics[0].Outcome);
        Assert.NotNull(Synthetic.Propose(regressed, Accepted));
    }

    [Fact]
    public void Any_metric_that_is_no_longer_measured_breaks_the_gate()
    {
        foreach (var metric in Same.Metrics)
        {
            var verdict = ScenarioVerdict.Of(Same with { Metrics = Same.Metrics.Remove(metric) }, Accepted, Synthetic.Policy);
            Assert.Equal((GateOutcome.Broken, metric.Key), (verdict.Outcome, Assert.Single(verdict.WithOutcome(MetricOutcome.Broken)).Key));
        }
    }

    [Fact]
    public void Any_metric_that_the_policy_no_longer_judges_breaks_the_gate()
    {
        foreach (var metric in Same.Metrics)
        {
            var (metrics, onlyLimit) = (Synthetic.Policy.Metrics, new MetricPolicy(Must: 1e9));
            foreach (var edited in new[] { metrics.Remove(metric.Key), metrics.SetItem(metric.Key, onlyLimit) })
            {
                var verdict = ScenarioVerdict.Of(Same, Accepted, Synthetic.Policy with { Metrics = edited });
                Assert.Equal(
                    (GateOutcome.Broken, metric.Key), (verdict.Outcome, Assert.Single(verdict.WithOutcome(MetricOutcome.Broken)).Key));
            }
        }
    }

    [Fact]
    public void A_ratio_judged_as_a_count_and_a_count_judged_as_a_ratio_break_the_gate()
    {
        var ratioAsCount = Synthetic.Policy.Metrics.SetItem("time", new MetricPolicy(MetricPolicy.Exact));
        var countAsRatio = Synthetic.Policy.Metrics.SetItem("count", new MetricPolicy("time"));
        Assert.Equal(GateOutcome.Broken, ScenarioVerdict.Of(Same, Accepted, Synthetic.Policy with { Metrics = ratioAsCount }).Outcome);
        Assert.Equal(GateOutcome.Broken, ScenarioVerdict.Of(Same, Accepted, Synthetic.Policy with { Metrics = countAsRatio }).Outcome);
    }

    private static MetricResult Swapped(MetricResult metric) => metric with { Candidate = metric.Pin, Pin = metric.Candidate };

    private static ScenarioResult With(MetricResult metric) =>
        Same with { Metrics = [.. Same.Metrics.Select(other => other.Key == metric.Key ? metric : other)] };
}
