using System.Collections.Immutable;
using Snakepit.Benchmarks;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Reports.Markdown;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class Reports
{
    private const int Lines = 40;
    private const int Columns = 200;

    private static readonly History Past = new(
        1, [new HistoryEntry("v0.4.1", "made up", ImmutableSortedDictionary<string, double>.Empty.Add("time", 350).Add("info", 12))]);

    private static readonly Hint[] Hints = [new("interpreter and imports", ["info", "absent"]), new("fork", ["wait", "time"]), new("nothing measured", ["absent"])];

    [Fact]
    public void A_report_shows_every_outcome_with_its_figures()
    {
        var startup = Regressed();
        var others = Verdict(
            "Others",
            [
                Synthetic.Metric("time", -0.3, rounds: 40), Synthetic.Metric("rate", 0.11, rounds: 40, worse: Worse.Lower, unit: "calls/s"),
                Synthetic.Metric("memory", 0, 0.3, rounds: 40, unit: "MB"), Synthetic.Metric("info", 0, rounds: 40),
            ]);
        var run = Synthetic.Run("20260101T000000Z", startup.Result, others.Result) with { Dirty = true };
        Golden.Equal(
            "Report.verified.md",
            MarkdownReport.Heading(run, RunSummary.Of([startup, others]), Synthetic.Policy, ["The baseline of Startup changed in this pull request: faster."])
            + MarkdownReport.Of(startup, ReportRow.Of(startup, Past)) + "\n" + MarkdownReport.Of(others, ReportRow.Of(others, Past)));
    }

    [Fact]
    public void A_failure_names_the_worst_metric_first_with_all_that_it_rests_on() =>
        Golden.Equal("FailureMessage.verified.txt", FailureMessage.Of(Regressed(), Synthetic.Policy, Hints, "artifacts/performance/20260101T000000Z/report.md"));

    [Fact]
    public void A_count_that_changed_fails_with_both_counts()
    {
        var accepted = Synthetic.Session(Synthetic.Count("count", 17), Synthetic.Metric("time", 0.25));
        var session = accepted with { Metrics = accepted.Metrics.SetItem(0, Synthetic.Count("count", 18)) };
        var lines = FailureMessage.Of(ScenarioVerdict.Of(session, Synthetic.Accepting(accepted), Synthetic.Policy), Synthetic.Policy, Hints, "report.md").Split('\n');
        Assert.Equal("Startup has regressed: count, time", lines[0]);
        Assert.Equal("  count was 18 processes, accepted is 17; measured: 18 against 18 processes; seed 7, pin aaaaaaaaaa", lines[1]);
        Assert.StartsWith("  time (time made up): worse than accepted by +25.0 %, bounds [", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_fits_on_one_screen_even_if_everything_of_a_scenario_has_regressed()
    {
        var policy = Workspace.Current.LoadPolicy();
        foreach (var scenario in Scenario.All)
        {
            var (first, second) = (Session(scenario, policy, 18), Session(scenario, policy, 17));
            var baseline = Synthetic.Accepting(second with { Confirmation = null }, policy);
            var verdict = ScenarioVerdict.Of(first with { Confirmation = second }, baseline, policy);
            Assert.Equal(baseline.Metrics.Count + baseline.Counts.Count, verdict.Regressed.Count);
            var lines = FailureMessage.Of(verdict, policy, scenario.Hints, "/home/somebody/work/snakepit/artifacts/performance/20260101T000000Z/report.md").Split('\n');
            Assert.InRange(lines.Length, 5, Lines);
            Assert.All(lines, line => Assert.InRange(line.Length, 0, Columns));
            Assert.All(scenario.Hints.SelectMany(hint => hint.Metrics), key => Assert.Contains(lines, line => line.Contains(key, StringComparison.Ordinal)));
        }

        static ScenarioResult Session(Scenario scenario, Policy policy, double count)
        {
            var metrics = scenario.Metrics.Select(metric => policy.For(metric.Key).IsExact
                ? Synthetic.Count(metric.Key, count) with { Unit = metric.Unit }
                : Synthetic.Metric(metric.Key, 0.345, 0.0123, worse: metric.Worse, unit: metric.Unit, pin: 12345) with { Description = metric.Description });
            return Synthetic.Session([.. metrics]) with { Scenario = scenario.Name };
        }
    }

    [Fact]
    public void The_hints_of_every_scenario_name_metrics_that_it_measures() => Assert.All(
        Scenario.All, scenario => Assert.Subset(scenario.Metrics.Select(metric => metric.Key).ToHashSet(), scenario.Hints.SelectMany(hint => hint.Metrics).ToHashSet()));

    [Fact]
    public void The_summary_tells_the_gravest_outcome_in_one_line()
    {
        Assert.Equal("passed", Summary(Synthetic.Metric("time", 0)));
        Assert.Equal("inconclusive (time)", Summary(Synthetic.Metric("time", 0, rounds: 11)));
        Assert.Equal("REGRESSED: wait +40.0 %, time +25.0 %", Summary(Synthetic.Metric("time", 0.25), Synthetic.Metric("wait", 0.4)));
        Assert.Equal("GATE BROKEN (wait)", Summary(Synthetic.Metric("time", 0.25), Synthetic.Metric("wait", 0) with { Pin = [] }));
        Assert.Equal("TARGET MISSED: limit", Summary(Synthetic.Metric("time", 0), Synthetic.Metric("limit", 0.5, pin: 900)));
        Assert.Equal("REGRESSED: time +25.0 %; TARGET MISSED: limit", Summary(Synthetic.Metric("time", 0.25), Synthetic.Metric("limit", 0.5, pin: 900)));
        Assert.StartsWith("GATE BROKEN", RunSummary.Of([]), StringComparison.Ordinal);
        var alone = Synthetic.Session(Synthetic.Metric("time", 0) with { Pin = [] }) with { Pin = null };
        Assert.Equal("not comparable", RunSummary.Of([ScenarioVerdict.Of(alone, Synthetic.Accepting(alone), Synthetic.Policy)]));

        static string Summary(params MetricResult[] metrics) => RunSummary.Of([Verdict("Startup", metrics)]);
    }

    [Fact]
    public void A_metric_that_broke_the_gate_is_explained_below_the_table()
    {
        var verdict = Verdict("Startup", [Synthetic.Metric("time", 0), Synthetic.Metric("wait", 0) with { Pin = [] }]);
        Assert.Contains("\nProblem: wait has 12 rounds of the candidate and 0 of the pin.\n", MarkdownReport.Of(verdict, ReportRow.Of(verdict, Past)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.25, "+25.0 %")]
    [InlineData(-0.2, "−20.0 %")]
    [InlineData(0, "0.0 %")]
    public void A_change_is_a_percentage_with_its_sign(double change, string expected) => Assert.Equal(expected, ReportRow.Percent(Math.Log(1 + change)));

    [Fact]
    public void A_bound_that_does_not_exist_is_infinite() =>
        Assert.Equal("[−∞, ∞]", ReportRow.BoundsOf(new(0, double.NegativeInfinity, double.PositiveInfinity, 3)));

    private static ScenarioVerdict Verdict(string scenario, MetricResult[] metrics)
    {
        var session = Synthetic.Session(metrics) with { Scenario = scenario };
        return ScenarioVerdict.Of(session, Synthetic.Accepting(session), Synthetic.Policy);
    }

    /// <summary>A session with something of everything: confirmed, not confirmed, drift, a missed target, a count, a new metric.</summary>
    private static ScenarioVerdict Regressed()
    {
        var accepted = Synthetic.Session(
            Synthetic.Metric("time", 0.27, 0.02), Synthetic.Metric("wait", 0.25), Synthetic.Metric("memory", 0.035, 0.001, unit: "MB"), Synthetic.Count("count", 17),
            Synthetic.Metric("limit", 0.5, pin: 900), Synthetic.Metric("rate", 0.35, worse: Worse.Lower, unit: "calls/s"), Synthetic.Metric("info", 0.1));
        var session = accepted with
        {
            Metrics = accepted.Metrics.SetItem(3, Synthetic.Count("count", 18)),
            Warnings = ["round 3 was dropped on both sides: steal time\nwith details that nobody wants here"],
            Confirmation = Synthetic.Session(Synthetic.Metric("time", 0.23, 0.03, rounds: 18), Synthetic.Metric("wait", 0.01, rounds: 18), Synthetic.Metric("rate", 0.36, rounds: 18, worse: Worse.Lower, unit: "calls/s")) with { Seed = 8 },
        };
        var baseline = Synthetic.Accepting(accepted);
        return ScenarioVerdict.Of(session, baseline with { Metrics = baseline.Metrics.Remove("memory") }, Synthetic.Policy);
    }
}
