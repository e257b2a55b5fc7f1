using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Runs;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class FailureMessages
{
    private const int Lines = 40;
    private const int Columns = 200;

    private static readonly Hint[] Hints =
    [
        new("interpreter and imports", ["info", "absent"]), new("fork", ["wait", "time"]), new("nothing measured", ["absent"]),
    ];

    [Fact]
    public void A_failure_names_the_worst_metric_first_with_all_its_figures() =>
        Golden.Equal(
            "FailureMessage.verified.txt",
            FailureMessage.Of(Reports.Regressed(), Synthetic.Policy, Hints, "artifacts/performance/20260101T000000Z/report.md", why: []));

    [Fact]
    public void A_changed_count_is_reported_with_both_counts()
    {
        var accepted = Synthetic.Session(Synthetic.Count("count", 17), Synthetic.Metric("time", 0.25));
        var session = accepted with { Metrics = accepted.Metrics.SetItem(0, Synthetic.Count("count", 18)) };
        var lines = FailureMessage.Of(
            ScenarioVerdict.Of(session, Synthetic.Accepting(accepted), Synthetic.Policy), Synthetic.Policy, Hints, "report.md", why: [])
            .Split('\n');
        Assert.Equal("Startup has regressed: count, time", lines[0]);
        Assert.Equal("  count was 18 processes, accepted is 17; measured: 18 against 18 processes; seed 7, pin aaaaaaaaaa", lines[1]);
        Assert.StartsWith("  time (time made up): worse than accepted by +25.0 %, bounds [", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_fits_on_one_screen_even_if_all_metrics_of_a_scenario_have_regressed()
    {
        var policy = Workspace.Current.LoadPolicy();
        foreach (var scenario in AllScenarios.All.Where(scenario => policy.Metrics.Keys.Any(scenario.Keys.Contains)))
        {
            var (first, second) = (Session(scenario, policy, 18), Session(scenario, policy, 17));
            var baseline = Synthetic.Accepting(second with { Confirmation = null }, policy);
            var verdict = ScenarioVerdict.Of(first with { Confirmation = second }, baseline, policy);
            Assert.Equal(baseline.Metrics.Count + baseline.Counts.Count, verdict.Regressed.Count);
            const string Report = "/home/somebody/work/snakepit/artifacts/performance/20260101T000000Z/report.md";
            var lines = FailureMessage.Of(verdict, policy, scenario.Hints, Report, why: []).Split('\n');
            Assert.InRange(lines.Length, 5, Lines);
            Assert.All(lines, line => Assert.InRange(line.Length, 0, Columns));
            Assert.All(
                scenario.Hints.SelectMany(hint => hint.Metrics),
                key => Assert.Contains(lines, line => line.Contains(key, StringComparison.Ordinal)));
        }

        static ScenarioResult Session(Scenario scenario, Policy policy, double count)
        {
            var metrics = scenario.Metrics.Select(metric => policy.For(metric.Key).IsExact
                ? Synthetic.Count(metric.Key, count) with { Unit = metric.Unit }
                : Synthetic.Metric(metric.Key, 0.345, 0.0123, worse: metric.Worse, unit: metric.Unit, pin: 12345) with
                {
                    Description = metric.Description,
                });
            return Synthetic.Session([.. metrics]) with { Scenario = scenario.Name };
        }
    }

    [Fact]
    public void The_hints_of_every_scenario_name_metrics_that_it_measures() => Assert.All(
        AllScenarios.All, scenario => Assert.Subset(
            scenario.Metrics.Select(metric => metric.Key).ToHashSet(), scenario.Hints.SelectMany(hint => hint.Metrics).ToHashSet()));
}
