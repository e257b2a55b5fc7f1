using System.Collections.Immutable;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Reports.Markdown;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class Reports
{
    private static readonly History Earlier = new(
        1, [new HistoryEntry("v0.4.1", "made up", ImmutableSortedDictionary<string, double>.Empty.Add("time", 350).Add("info", 12))]);

    [Fact]
    public void A_report_shows_every_outcome_with_its_figures()
    {
        var startup = Regressed();
        var others = Verdict(
            "Others",
            [
                Synthetic.Metric("time", -0.3, rounds: 40),
                Synthetic.Metric("rate", 0.11, rounds: 40, worse: Worse.Lower, unit: "calls/s"),
                Synthetic.Metric("memory", 0, 0.3, rounds: 40, unit: "MB"),
                Synthetic.Metric("info", 0, rounds: 40),
            ]);
        var run = Synthetic.Run("20260101T000000Z", startup.Result, others.Result) with { Dirty = true };
        Golden.Equal(
            "Report.verified.md",
            MarkdownReport.Heading(
                run, RunSummary.Of([startup, others]), Synthetic.Policy, ["The baseline of Startup changed in this pull request: faster."])
            + MarkdownReport.Of(startup, ReportRow.Of(startup, Earlier)) + "\n" + MarkdownReport.Of(others, ReportRow.Of(others, Earlier)));
    }

    [Fact]
    public void The_reason_why_a_metric_broke_the_gate_stands_below_the_table()
    {
        var verdict = Verdict("Startup", [Synthetic.Metric("time", 0), Synthetic.Metric("wait", 0) with { Pin = [] }]);
        Assert.Contains(
            "\nProblem: wait has 12 rounds of the candidate and 0 of the pin.\n",
            MarkdownReport.Of(verdict, ReportRow.Of(verdict, Earlier)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_reason_or_an_error_can_neither_hide_what_follows_nor_begin_a_heading()
    {
        const string Reason = "agreed\n\n## Performance: passed\r\n<!-- <b>for</b> n < 5";
        var aborted = Verdict("Startup", []) is var verdict
            ? verdict with { Result = verdict.Result with { Failure = "in List<int>:\n<!--" } }
            : null;
        var report = MarkdownReport.Heading(Synthetic.Run("20260101T000000Z"), "regressed", Synthetic.Policy, [Reason])
            + MarkdownReport.Of(aborted!, []);
        Assert.Contains("- agreed ## Performance: passed \\<!-- \\<b>for\\</b> n < 5\n", report, StringComparison.Ordinal);
        Assert.Contains("in List\\<int>:\n\\<!--\n", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.25, "+25.0 %")]
    [InlineData(-0.2, "−20.0 %")]
    [InlineData(0, "0.0 %")]
    public void A_change_is_shown_as_a_percentage_with_its_sign(double change, string expected) =>
        Assert.Equal(expected, ReportRow.Percent(Math.Log(1 + change)));

    [Fact]
    public void A_bound_that_does_not_exist_is_shown_as_infinite() =>
        Assert.Equal("[−∞, ∞]", ReportRow.BoundsOf(new(0, double.NegativeInfinity, double.PositiveInfinity, 3)));

    private static ScenarioVerdict Verdict(string scenario, MetricResult[] metrics)
    {
        var session = Synthetic.Session(metrics) with { Scenario = scenario };
        return ScenarioVerdict.Of(session, Synthetic.Accepting(session), Synthetic.Policy);
    }

    /// <summary>
    /// Returns the verdicts on a session with many outcomes: confirmed and unconfirmed regressions, a new metric, a changed count, and a
    /// missed target.
    /// </summary>
    internal static ScenarioVerdict Regressed()
    {
        var accepted = Synthetic.Session(
            Synthetic.Metric("time", 0.27, 0.02),
            Synthetic.Metric("wait", 0.25),
            Synthetic.Metric("memory", 0.035, 0.001, unit: "MB"),
            Synthetic.Count("count", 17),
            Synthetic.Metric("limit", 0.5, pin: 900),
            Synthetic.Metric("rate", 0.35, worse: Worse.Lower, unit: "calls/s"),
            Synthetic.Metric("info", 0.1));
        var session = accepted with
        {
            Metrics = accepted.Metrics.SetItem(3, Synthetic.Count("count", 18)),
            Warnings = ["round 3 was dropped on both sides: steal time\nwith details that nobody wants here"],
            Confirmation = Synthetic.Session(
                Synthetic.Metric("time", 0.23, 0.03, rounds: 18),
                Synthetic.Metric("wait", 0.01, rounds: 18),
                Synthetic.Metric("rate", 0.36, rounds: 18, worse: Worse.Lower, unit: "calls/s")) with
            { Seed = 8 },
        };
        var baseline = Synthetic.Accepting(accepted);
        return ScenarioVerdict.Of(session, baseline with { Metrics = baseline.Metrics.Remove("memory") }, Synthetic.Policy);
    }
}
