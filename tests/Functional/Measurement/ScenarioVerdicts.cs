using System.Collections.Immutable;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Reports.Markdown;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class ScenarioVerdicts
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
    public void A_ratio_is_compared_with_the_accepted_one_and_not_with_one()
    {
        var session = Synthetic.Session(Synthetic.Metric("time", 0.30), Synthetic.Metric("rate", 0.30, worse: Worse.Lower, unit: "calls/s"));
        var baseline = Synthetic.Accepting(session);
        baseline = baseline with
        {
            Metrics = baseline.Metrics.SetItem("time", new AcceptedRatio("ms", Worse.Higher, 1.3, [1.2, 1.4], 80, 2))
                .SetItem("rate", new AcceptedRatio("calls/s", Worse.Lower, 1 / 1.3, [0.7, 0.8], 80, 2)),
        };
        var verdict = ScenarioVerdict.Of(session, baseline, Synthetic.Policy);
        Assert.All(verdict.Metrics, metric => Assert.Equal((MetricOutcome.Unchanged, 0), (metric.Outcome, Math.Round(metric.Change!.Value, 9))));
        Assert.Equal(1.3, verdict.Metrics[0].Accepted);

        // What was accepted as faster and is as slow as the pin again has regressed.
        var fast = baseline with { Metrics = baseline.Metrics.SetItem("time", new AcceptedRatio("ms", Worse.Higher, 0.8, [0.7, 0.9], 80, 2)).Remove("rate") };
        var lost = ScenarioVerdict.Of(Synthetic.Session(Synthetic.Metric("time", 0)), fast, Synthetic.Policy);
        Assert.Equal(MetricOutcome.Regressed, Assert.Single(lost.Metrics).Outcome);
    }

    [Fact]
    public void The_error_of_what_was_accepted_joins_the_spread_between_jobs()
    {
        var session = Synthetic.Session(Synthetic.Metric("time", 0.10, 0));
        var baseline = Synthetic.Accepting(session);
        var accepted = new AcceptedRatio("ms", Worse.Higher, 1, [1 / 1.2, 1.2], 40, 1);
        var (exact, vague) = (Upper(baseline), Upper(baseline with { Metrics = baseline.Metrics.SetItem("time", accepted) }));
        Assert.Equal(Math.Log(1.10) + (2.6 * 0.02), exact, precision: 9);
        Assert.Equal(Math.Log(1.10) + (2.6 * Math.Sqrt((2 * 0.02 * 0.02) + (accepted.StandardError * accepted.StandardError))), vague, precision: 9); // of two jobs
        Assert.Equal(Math.Log(1.2) / 3.02, accepted.StandardError, precision: 9);

        double Upper(Baseline against) => Assert.Single(ScenarioVerdict.Of(session, against, Synthetic.Policy).Metrics).Change!.Upper;
    }

    [Fact]
    public void A_measurement_that_was_given_up_is_broken_whatever_it_has_measured()
    {
        var session = Synthetic.Session(Synthetic.Metric("time", 0)) with { Failure = "the host has ended" };
        var verdict = ScenarioVerdict.Of(session, Synthetic.Accepting(session), Synthetic.Policy);
        Assert.Equal(GateOutcome.Broken, verdict.Outcome);
        Assert.Equal(["the host has ended"], verdict.Problems);
        Assert.Contains("GATE BROKEN (Startup)", RunSummary.Of([verdict]), StringComparison.Ordinal);
        Assert.Contains("aborted: the host has ended", MarkdownReport.Of(verdict, []), StringComparison.Ordinal);
    }

    [Fact]
    public void A_suspect_hides_nothing_else_while_it_waits_for_its_confirmation()
    {
        var suspect = Judge(Synthetic.Metric("time", 0.25), Synthetic.Metric("wait", 0));
        Assert.Equal((GateOutcome.Regressed, GateOutcome.Passed), (suspect.Outcome, suspect.OutcomeWithoutSuspects));
        var undecided = Judge(Synthetic.Metric("time", 0.25), Synthetic.Metric("wait", 0, 0.5));
        Assert.Equal((GateOutcome.Regressed, GateOutcome.Inconclusive), (undecided.Outcome, undecided.OutcomeWithoutSuspects));
        var counted = ScenarioVerdict.Of(
            Synthetic.Session(Synthetic.Metric("time", 0.25), Synthetic.Count("count", 18)), Synthetic.Accepting(Synthetic.Session(Synthetic.Metric("time", 0.25), Synthetic.Count("count", 17))), Synthetic.Policy);
        Assert.Equal(GateOutcome.Regressed, counted.OutcomeWithoutSuspects);
    }

    [Fact]
    public void A_change_of_six_percent_in_an_amount_is_a_regression()
    {
        Assert.Equal(MetricOutcome.Regressed, Assert.Single(Judge(Synthetic.Metric("memory", 0.06, 0.001)).Metrics).Outcome);
        Assert.Equal(MetricOutcome.Unchanged, Assert.Single(Judge(Synthetic.Metric("memory", 0.02, 0.001)).Metrics).Outcome);
    }

    [Fact]
    public void Too_few_rounds_are_inconclusive()
    {
        var metric = Assert.Single(Judge(Synthetic.Metric("time", 0, rounds: 11)).Metrics);
        Assert.Equal((MetricOutcome.Inconclusive, null), (metric.Outcome, metric.Change));
    }

    [Fact]
    public void A_metric_that_nothing_is_asked_of_is_information()
    {
        var verdict = Judge(Synthetic.Metric("unheard_of", 5));
        Assert.Equal((MetricOutcome.Informative, GateOutcome.Passed), (Assert.Single(verdict.Metrics).Outcome, verdict.Outcome));
    }

    [Fact]
    public void Without_an_accepted_ratio_or_count_a_metric_is_new()
    {
        var session = Synthetic.Session(Synthetic.Metric("time", 5), Synthetic.Count("count", 17));
        foreach (var baseline in new[] { null, Baseline.Empty("Startup", Synthetic.Pin) })
        {
            Assert.All(ScenarioVerdict.Of(session, baseline, Synthetic.Policy).Metrics, metric => Assert.Equal(MetricOutcome.New, metric.Outcome));
        }
    }

    [Fact]
    public void Without_a_pin_ratios_are_not_comparable_and_counts_and_targets_still_hold()
    {
        var session = Alone(Synthetic.Session(Synthetic.Metric("time", 0), Synthetic.Count("count", 17), Synthetic.Metric("limit", 0.3, pin: 1000)));
        var verdict = ScenarioVerdict.Of(session, Synthetic.Accepting(Synthetic.Session(Synthetic.Metric("time", 0), Synthetic.Count("count", 17))), Synthetic.Policy);
        Assert.Equal([MetricOutcome.NotComparable, MetricOutcome.Unchanged, MetricOutcome.Informative], verdict.Metrics.Select(metric => metric.Outcome));
        Assert.Equal(GateOutcome.NotComparable, verdict.Outcome);
        Assert.Equal(TargetOutcome.Missed, verdict.Metrics[2].Target!.Outcome);
    }

    [Theory]
    [InlineData(new double[] { 17 }, MetricOutcome.Unchanged)]
    [InlineData(new double[] { 18 }, MetricOutcome.CountChanged)]
    [InlineData(new double[] { 16 }, MetricOutcome.CountChanged)]
    [InlineData(new double[] { 17, 18 }, MetricOutcome.CountChanged)]
    public void A_count_is_the_accepted_one_in_every_round_or_has_changed(double[] counts, MetricOutcome outcome)
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

    [Theory]
    [InlineData(0.25, MetricOutcome.Regressed)]
    [InlineData(0.12, MetricOutcome.Regressed)]
    [InlineData(0.00, MetricOutcome.NotConfirmed)]
    [InlineData(-0.20, MetricOutcome.NotConfirmed)]
    public void A_regression_counts_if_a_second_session_agrees(double again, MetricOutcome outcome)
    {
        var session = Synthetic.Session(Synthetic.Metric("time", 0.25), Synthetic.Metric("wait", 0.25));
        var baseline = Synthetic.Accepting(session);
        Assert.All(ScenarioVerdict.Of(session, baseline, Synthetic.Policy).Metrics, metric => Assert.True(metric.IsSuspect));

        var confirmed = session with { Confirmation = Synthetic.Session(Synthetic.Metric("time", again, rounds: 40), Synthetic.Metric("wait", 0.25, rounds: 40)) };
        var metrics = ScenarioVerdict.Of(confirmed, baseline, Synthetic.Policy).Metrics;
        Assert.Equal([outcome, MetricOutcome.Regressed], metrics.Select(metric => metric.Outcome));
        Assert.All(metrics, metric => Assert.False(metric.IsSuspect));
        Assert.Equal(Math.Log(1 + again), metrics[0].Confirmation!.Estimate!.Value, precision: 9);
        Assert.Equal(Math.Log(1.25), metrics[0].Change!.Value, precision: 9);
    }

    [Fact]
    public void A_second_session_that_cannot_tell_is_inconclusive_and_no_pass()
    {
        var session = Synthetic.Session(Synthetic.Metric("time", 0.25)) with { Confirmation = Synthetic.Session(Synthetic.Metric("time", 0, 0.5, rounds: 40)) };
        var verdict = ScenarioVerdict.Of(session, Synthetic.Accepting(session), Synthetic.Policy);
        Assert.Equal((MetricOutcome.Inconclusive, GateOutcome.Inconclusive), (Assert.Single(verdict.Metrics).Outcome, verdict.Outcome));
    }

    [Fact]
    public void A_second_session_is_not_asked_about_what_the_first_found_unchanged()
    {
        var session = Synthetic.Session(Synthetic.Metric("time", 0)) with { Confirmation = Synthetic.Session(Synthetic.Metric("time", 0.5)) };
        var metric = Assert.Single(ScenarioVerdict.Of(session, Synthetic.Accepting(session), Synthetic.Policy).Metrics);
        Assert.Equal((MetricOutcome.Unchanged, null), (metric.Outcome, metric.Confirmation));
    }

    [Fact]
    public void A_second_session_without_the_metric_leaves_it_regressed()
    {
        var session = Synthetic.Session(Synthetic.Metric("time", 0.25)) with { Confirmation = Synthetic.Session(Synthetic.Metric("wait", 0)) };
        Assert.Equal(MetricOutcome.Regressed, Assert.Single(ScenarioVerdict.Of(session, Synthetic.Accepting(session), Synthetic.Policy).Metrics).Outcome);
    }

    [Fact]
    public void A_metric_of_the_baseline_that_was_not_measured_breaks_the_gate()
    {
        var baseline = Synthetic.Accepting(Synthetic.Session(Synthetic.Metric("time", 0), Synthetic.Metric("wait", 0), Synthetic.Count("count", 17)));
        var verdict = ScenarioVerdict.Of(Synthetic.Session(Synthetic.Metric("time", 0)), baseline, Synthetic.Policy);
        Assert.Equal(["wait", "count"], verdict.WithOutcome(MetricOutcome.Broken).Select(metric => metric.Key));
        Assert.Equal(GateOutcome.Broken, verdict.Outcome);
    }

    [Theory]
    [InlineData("time", 12, 11, "12 rounds of the candidate and 11 of the pin")]
    [InlineData("time", 12, 0, "12 rounds of the candidate and 0 of the pin")]
    [InlineData("time", 11, 11, "11 rounds, and the session 12")] // as many on both sides, and who knows which
    [InlineData("time", 0, 0, "0 rounds, and the session 12")]
    [InlineData("limit", 12, 11, "12 rounds of the candidate and 11 of the pin")]
    [InlineData("limit", 0, 0, "0 rounds, and the session 12")]
    [InlineData("count", 0, 12, "0 rounds, and the session 12")]
    public void A_metric_that_was_not_measured_in_every_round_on_both_sides_breaks_the_gate(string key, int candidate, int pin, string problem)
    {
        var whole = Synthetic.Session(Synthetic.Metric("wait", 0), Synthetic.Metric(key, 0));
        var metric = whole.Metrics[1];
        var session = whole with { Metrics = [whole.Metrics[0], metric with { Candidate = metric.Candidate[..candidate], Pin = metric.Pin[..pin] }] };
        var verdict = ScenarioVerdict.Of(session, Synthetic.Accepting(whole), Synthetic.Policy);
        Assert.Equal((MetricOutcome.Broken, $"{key} has {problem}"), (verdict.Metrics[1].Outcome, verdict.Metrics[1].Problem));
        Assert.Equal(GateOutcome.Broken, verdict.Outcome);
    }

    [Fact]
    public void Of_what_is_decided_at_a_look_no_further_rounds_are_needed()
    {
        var verdict = Judge(Synthetic.Metric("time", 0), Synthetic.Metric("rate", 0.25, worse: Worse.Lower), Synthetic.Count("count", 17), Synthetic.Metric("limit", 0), Synthetic.Metric("wait", 0, rounds: 18));
        Assert.Equal(
            [MetricOutcome.Unchanged, MetricOutcome.Regressed, MetricOutcome.Unchanged, MetricOutcome.Informative, MetricOutcome.Unchanged], verdict.Metrics.Select(metric => metric.Outcome));
        Assert.Equal(18, verdict.Result.Rounds);
    }

    [Fact]
    public void What_is_not_decided_and_was_not_measured_further_breaks_the_gate()
    {
        var metric = Judge(Synthetic.Metric("time", 0, spread: 0.5), Synthetic.Metric("wait", 0, rounds: 18)).Metrics[0];
        Assert.Equal((MetricOutcome.Broken, "time has 12 rounds, and the session 18"), (metric.Outcome, metric.Problem));
    }

    [Fact]
    public void A_metric_that_was_not_measured_in_every_round_of_the_second_session_breaks_the_gate()
    {
        var again = Synthetic.Metric("time", 0.25);
        var session = Synthetic.Session(Synthetic.Metric("time", 0.25)) with { Confirmation = Synthetic.Session(again with { Pin = again.Pin[1..] }) };
        var metric = Assert.Single(ScenarioVerdict.Of(session, Synthetic.Accepting(session), Synthetic.Policy).Metrics);
        Assert.Equal(MetricOutcome.Broken, metric.Outcome);
        Assert.EndsWith("in the second session", metric.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_value_that_has_no_logarithm_breaks_the_gate(double value)
    {
        foreach (var key in new[] { "time", "limit" })
        {
            var metric = Synthetic.Metric(key, 0);
            foreach (var spoilt in new[] { metric with { Candidate = metric.Candidate.SetItem(3, value) }, metric with { Pin = metric.Pin.SetItem(3, value) } })
            {
                var verdict = ScenarioVerdict.Of(Synthetic.Session(spoilt), Synthetic.Accepting(Synthetic.Session(metric)), Synthetic.Policy);
                Assert.Equal((GateOutcome.Broken, $"{key} has a value that is not a positive number"), (verdict.Outcome, verdict.Metrics[0].Problem));
                Assert.Equal(GateOutcome.Broken, ScenarioVerdict.Of(Synthetic.Session(spoilt), null, Synthetic.Policy).Outcome);
            }
        }
    }

    [Fact]
    public void A_session_without_metrics_is_no_pass() => Assert.Equal(GateOutcome.Broken, ScenarioVerdict.Of(Synthetic.Session(), null, Synthetic.Policy).Outcome);

    [Fact]
    public void Counts_come_first_among_what_regressed_and_then_the_largest_change()
    {
        var accepted = Synthetic.Session(
            Synthetic.Metric("time", 0.20), Synthetic.Metric("unheard_of", 9), Synthetic.Metric("rate", 0.60, worse: Worse.Lower), Synthetic.Metric("wait", 0.40), Synthetic.Count("count", 17));
        var session = accepted with { Metrics = accepted.Metrics.SetItem(4, Synthetic.Count("count", 18)) };
        var verdict = ScenarioVerdict.Of(session, Synthetic.Accepting(accepted), Synthetic.Policy);
        Assert.Equal(["count", "rate", "wait", "time"], verdict.Regressed.Select(metric => metric.Key));
    }

    [Fact]
    public void The_gravest_outcome_of_a_metric_is_that_of_the_session()
    {
        var (unchanged, regressed, inconclusive) = (Synthetic.Metric("time", 0, rounds: 40), Synthetic.Metric("wait", 0.25, rounds: 40), Synthetic.Metric("memory", 0, 0.5, rounds: 40));
        var unpaired = Synthetic.Metric("rate", 0, rounds: 40, worse: Worse.Lower) with { Pin = [] };
        Assert.Equal(GateOutcome.Passed, Judge(unchanged).Outcome);
        Assert.Equal(GateOutcome.Inconclusive, Judge(unchanged, inconclusive).Outcome);
        Assert.Equal(GateOutcome.Regressed, Judge(unchanged, inconclusive, regressed).Outcome);
        Assert.Equal(GateOutcome.Broken, Judge(unpaired, unchanged, inconclusive, regressed).Outcome);
        Assert.Equal(
            [GateOutcome.Passed, GateOutcome.Inconclusive, GateOutcome.NotComparable, GateOutcome.Regressed, GateOutcome.Broken], Enum.GetValues<GateOutcome>().Order());
    }

    private static ScenarioVerdict Judge(params MetricResult[] metrics) =>
        ScenarioVerdict.Of(Synthetic.Session(metrics), Synthetic.Accepting(Synthetic.Session(metrics)), Synthetic.Policy);

    private static ScenarioResult Alone(ScenarioResult session) =>
        session with { Pin = null, Metrics = [.. session.Metrics.Select(metric => metric with { Pin = [] })] };
}
