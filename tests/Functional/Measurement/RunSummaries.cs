using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Runs;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class RunSummaries
{
    [Fact]
    public void The_summary_names_the_worst_outcome_and_its_metrics_in_one_line()
    {
        Assert.Equal("passed", Summary(Synthetic.Metric("time", 0)));
        Assert.Equal("inconclusive (time)", Summary(Synthetic.Metric("time", 0, rounds: 11)));
        Assert.Equal("REGRESSED: wait +40.0 %, time +25.0 %", Summary(Synthetic.Metric("time", 0.25), Synthetic.Metric("wait", 0.4)));
        Assert.Equal("GATE BROKEN (wait)", Summary(Synthetic.Metric("time", 0.25), Synthetic.Metric("wait", 0) with { Pin = [] }));
        Assert.Equal("TARGET MISSED: limit", Summary(Synthetic.Metric("time", 0), Synthetic.Metric("limit", 0.5, pin: 900)));
        Assert.Equal(
            "REGRESSED: time +25.0 %; TARGET MISSED: limit",
            Summary(Synthetic.Metric("time", 0.25), Synthetic.Metric("limit", 0.5, pin: 900)));
        Assert.Equal("GATE BROKEN (no scenario was measured)", RunSummary.Of([]));
        Assert.Equal("GATE BROKEN (Startup has no metric)", Summary());
        var alone = Synthetic.Session(Synthetic.Metric("time", 0) with { Pin = [] }) with { Pin = null };
        Assert.Equal("not comparable", RunSummary.Of([ScenarioVerdict.Of(alone, Synthetic.Accepting(alone), Synthetic.Policy)]));

        static string Summary(params MetricResult[] metrics) => RunSummary.Of([Verdict("Startup", metrics)]);
    }

    private static ScenarioVerdict Verdict(string scenario, MetricResult[] metrics)
    {
        var session = Synthetic.Session(metrics) with { Scenario = scenario };
        return ScenarioVerdict.Of(session, Synthetic.Accepting(session), Synthetic.Policy);
    }
}
