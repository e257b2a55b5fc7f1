using System.Collections.Immutable;
using Snakepit.Benchmarks.Commands;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Tests.Functional.Measurement;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests which metrics a run leaves to full runs, and that a run without them is judged as well as one with them.</summary>
public sealed class FullRuns
{
    // The metric "other" of the probing scenario takes too long for every run.
    private static readonly Policy Probing = Synthetic.Policy with
    {
        Metrics = ImmutableSortedDictionary<string, MetricPolicy>.Empty
            .Add("probe", new MetricPolicy("time")).Add("other", new MetricPolicy("time", Full: true)),
    };

    [Theory]
    [InlineData(false, "probe")]
    [InlineData(true, "probe", "other")]
    public async Task A_metric_that_the_policy_leaves_to_full_runs_is_measured_in_them_only(bool isFull, params string[] measured)
    {
        var (scenario, told) = (new ProbingScenario(), new List<string>());
        var result = await SmallSession.WithBuildsAsync(async (builds, python, log) =>
        {
            var criteria = new Criteria(Probing, Accepting(builds.Pin!, "probe", "other"), []);
            var runner = new SessionRunner(new GateOptions { IsFull = isFull, Rounds = 1 }, python, log, told.Add, sampleDirectory: "");
            var session = await runner.FirstAsync(scenario, criteria, builds, CancellationToken.None);
            Assert.Equal(isFull ? [] : ["Left to full runs (SNAKEPIT_PERF=full): other."], criteria.NotesOn(criteria.Judge(session)));
            return session;
        });
        Assert.Equal(measured, result.Metrics.Where(metric => metric.Pin.Length == 1).Select(metric => metric.Key));
        Assert.Equal(isFull ? [] : ["other"], result.LeftOut.AsEnumerable());
    }

    [Fact]
    public void A_new_scenario_is_told_with_all_its_metrics()
    {
        var keys = new HashSet<string> { "probe", "other" };
        Assert.Equal(["other"], new Criteria(Probing, null, []).Divide(keys, isFull: false).LeftOut);
        Assert.Empty(new Criteria(Probing, null, []) { IsNew = true }.Divide(keys, isFull: false).LeftOut);
    }

    [Fact]
    public void A_metric_that_was_removed_is_missed_although_it_was_measured_in_full_runs_only()
    {
        var baseline = Accepting(Synthetic.Pin, "probe", "other");
        var session = Synthetic.Session(Synthetic.Metric("probe", 0));
        Assert.Equal(GateOutcome.Passed, ScenarioVerdict.Of(session with { LeftOut = ["other"] }, baseline, Probing).Outcome);
        Assert.Equal(GateOutcome.Broken, ScenarioVerdict.Of(session, baseline, Probing).Outcome);
    }

    [Fact]
    public void A_full_run_can_be_compared_with_one_that_is_not()
    {
        var (probe, other) = (Synthetic.Metric("probe", 0, rounds: 40), Synthetic.Metric("other", 0, rounds: 40));
        var full = Synthetic.Run("20260101T000000Z", Synthetic.Session(probe, other));
        var part = Synthetic.Run("20260102T000000Z", Synthetic.Session(probe) with { LeftOut = ["other"] });
        Assert.Equal(ExitCode.Pass, CompareCommand.Compare(full, part, Probing));
        Assert.Equal(ExitCode.Pass, CompareCommand.Compare(part, full, Probing));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("full", true)]
    public void The_environment_asks_for_a_full_run(string? value, bool isAsked) => Assert.Equal(isAsked, FullRun.IsAskedBy(value));

    [Theory]
    [InlineData("Full")]
    [InlineData("1")]
    [InlineData("ful")]
    public void Another_value_in_the_environment_is_refused(string value)
    {
        var refused = Assert.Throws<NotComparableException>(() => FullRun.IsAskedBy(value));
        Assert.Contains($"SNAKEPIT_PERF is '{value}'", refused.Message, StringComparison.Ordinal);
    }

    private static Baseline Accepting(string pin, params string[] keys)
    {
        var session = new ScenarioResult("Probing", [.. keys.Select(key => Synthetic.Metric(key, 0, rounds: 40))], 1, pin, []);
        return Synthetic.Accepting(session, Probing) with { Pin = pin };
    }
}
