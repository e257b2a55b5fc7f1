using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Reports.Markdown;
using Snakepit.Measurement.Runs;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Tests that a measurement that cannot be trusted makes the outcome broken, and never lets a session pass.</summary>
public sealed class BrokenVerdicts
{
    [Fact]
    public void An_aborted_measurement_breaks_the_gate_even_if_its_metrics_look_good()
    {
        var session = Synthetic.Session(Synthetic.Metric("time", 0)) with { Failure = "the host has ended" };
        var verdict = ScenarioVerdict.Of(session, Synthetic.Accepting(session), Synthetic.Policy);
        Assert.Equal(GateOutcome.Broken, verdict.Outcome);
        Assert.Equal(["the host has ended"], verdict.Problems);
        Assert.Contains("GATE BROKEN (Startup)", RunSummary.Of([verdict]), StringComparison.Ordinal);
        Assert.Contains("aborted: the host has ended", MarkdownReport.Of(verdict, []), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_value_that_is_not_a_number_breaks_the_gate_and_not_the_report_even_if_the_metric_is_only_information(double value)
    {
        var info = Synthetic.Metric("info", 0);
        var session = Synthetic.Session(Synthetic.Metric("time", 0), info with { Candidate = info.Candidate.SetItem(3, value) });
        var verdict = ScenarioVerdict.Of(session, Synthetic.Accepting(Synthetic.Session(Synthetic.Metric("time", 0))), Synthetic.Policy);
        Assert.Equal(["info has a value that is infinite or not a number"], verdict.Problems);
        var history = new Snakepit.Measurement.Baselines.History(1, []);
        Assert.Contains("not a number", MarkdownReport.Of(verdict, ReportRow.Of(verdict, history)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_that_is_in_the_baseline_and_was_not_measured_breaks_the_gate()
    {
        var baseline = Synthetic.Accepting(
            Synthetic.Session(Synthetic.Metric("time", 0), Synthetic.Metric("wait", 0), Synthetic.Count("count", 17)));
        var verdict = ScenarioVerdict.Of(Synthetic.Session(Synthetic.Metric("time", 0)), baseline, Synthetic.Policy);
        Assert.Equal(["wait", "count"], verdict.WithOutcome(MetricOutcome.Broken).Select(metric => metric.Key));
        Assert.Equal(GateOutcome.Broken, verdict.Outcome);
    }

    [Theory]
    [InlineData("time", 12, 11, "12 rounds of the candidate and 11 of the pin")]
    [InlineData("time", 12, 0, "12 rounds of the candidate and 0 of the pin")]
    [InlineData("time", 11, 11, "11 rounds, and the session 12")] // Both sides have 11 rounds, but perhaps not the same ones.
    [InlineData("time", 0, 0, "0 rounds, and the session 12")]
    [InlineData("limit", 12, 11, "12 rounds of the candidate and 11 of the pin")]
    [InlineData("limit", 0, 0, "0 rounds, and the session 12")]
    [InlineData("count", 0, 12, "0 rounds, and the session 12")]
    public void A_metric_that_lacks_rounds_on_either_side_breaks_the_gate(
        string key, int candidate, int pin, string problem)
    {
        var whole = Synthetic.Session(Synthetic.Metric("wait", 0), Synthetic.Metric(key, 0));
        var metric = whole.Metrics[1];
        var cut = metric with { Candidate = metric.Candidate[..candidate], Pin = metric.Pin[..pin] };
        var session = whole with { Metrics = [whole.Metrics[0], cut] };
        var verdict = ScenarioVerdict.Of(session, Synthetic.Accepting(whole), Synthetic.Policy);
        Assert.Equal((MetricOutcome.Broken, $"{key} has {problem}"), (verdict.Metrics[1].Outcome, verdict.Metrics[1].Problem));
        Assert.Equal(GateOutcome.Broken, verdict.Outcome);
    }

    [Fact]
    public void An_undecided_metric_with_fewer_rounds_than_the_session_breaks_the_gate()
    {
        var metric = Judge(Synthetic.Metric("time", 0, spread: 0.5), Synthetic.Metric("wait", 0, rounds: 18)).Metrics[0];
        Assert.Equal((MetricOutcome.Broken, "time has 12 rounds, and the session 18"), (metric.Outcome, metric.Problem));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_value_that_is_not_a_positive_number_breaks_the_gate(double value)
    {
        foreach (var key in new[] { "time", "limit" })
        {
            var metric = Synthetic.Metric(key, 0);
            var (candidate, pin) = (metric.Candidate.SetItem(3, value), metric.Pin.SetItem(3, value));
            foreach (var spoilt in new[] { metric with { Candidate = candidate }, metric with { Pin = pin } })
            {
                var verdict = ScenarioVerdict.Of(
                    Synthetic.Session(spoilt), Synthetic.Accepting(Synthetic.Session(metric)), Synthetic.Policy);
                Assert.Equal(
                    (GateOutcome.Broken, $"{key} has a value that is not a positive number"),
                    (verdict.Outcome, verdict.Metrics[0].Problem));
                Assert.Equal(GateOutcome.Broken, ScenarioVerdict.Of(Synthetic.Session(spoilt), null, Synthetic.Policy).Outcome);
            }
        }
    }

    [Fact]
    public void A_session_without_metrics_breaks_the_gate() =>
        Assert.Equal(GateOutcome.Broken, ScenarioVerdict.Of(Synthetic.Session(), null, Synthetic.Policy).Outcome);

    private static ScenarioVerdict Judge(params MetricResult[] metrics) =>
        ScenarioVerdict.Of(Synthetic.Session(metrics), Synthetic.Accepting(Synthetic.Session(metrics)), Synthetic.Policy);
}
