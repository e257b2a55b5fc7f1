using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class Proposals
{
    [Fact]
    public void Nothing_is_proposed_if_every_metric_is_as_accepted()
    {
        var session = Synthetic.Session(
            Synthetic.Metric("time", 0.01),
            Synthetic.Metric("wait", 0.11),
            Synthetic.Count("count", 17),
            Synthetic.Metric("unheard_of", 3));
        Assert.Null(Propose(session, Synthetic.Accepting(session)));
    }

    [Fact]
    public void Noise_does_not_change_a_baseline()
    {
        var inconclusive = Synthetic.Session(Synthetic.Metric("time", 0, 0.5, rounds: 40));
        Assert.Null(Propose(inconclusive, Synthetic.Accepting(inconclusive)));
        var second = Synthetic.Session(Synthetic.Metric("time", 0));
        var notConfirmed = Synthetic.Session(Synthetic.Metric("time", 0.25)) with { Confirmation = second };
        Assert.Null(Propose(notConfirmed, Synthetic.Accepting(notConfirmed)));
    }

    [Fact]
    public void Only_changed_metrics_get_a_new_ratio_and_the_reason_is_left_empty()
    {
        var session = Synthetic.Session(
            Synthetic.Metric("time", 0.25),
            Synthetic.Metric("wait", 0.02),
            Synthetic.Metric("memory", -0.10, 0.001),
            Synthetic.Count("count", 17));
        var baseline = Synthetic.Accepting(session);
        var proposal = Propose(session, baseline)!;
        Assert.Equal("", proposal.Reason);
        Assert.Equal((baseline.Scenario, baseline.Pin), (proposal.Scenario, proposal.Pin));
        Assert.Same(baseline.Metrics["wait"], proposal.Metrics["wait"]);
        Assert.Equal((1.25, 0.9), (proposal.Metrics["time"].Ratio, proposal.Metrics["memory"].Ratio));
        Assert.Equal(17, proposal.Counts["count"]);
    }

    [Fact]
    public void New_metrics_and_counts_are_proposed()
    {
        var proposal = Propose(
            Synthetic.Session(Synthetic.Metric("time", 0.25), Synthetic.Count("count", 17)), Baseline.Empty("Startup", Synthetic.Pin))!;
        Assert.Equal(1.25, proposal.Metrics["time"].Ratio);
        Assert.Equal(17, proposal.Counts["count"]);
    }

    [Fact]
    public void A_count_that_changed_is_proposed_if_it_was_the_same_in_every_round()
    {
        var accepted = Synthetic.Accepting(Synthetic.Session(Synthetic.Count("count", 17)));
        Assert.Equal(18, Propose(Synthetic.Session(Synthetic.Count("count", 18)), accepted)!.Counts["count"]);
        var varying = Synthetic.Count("count", 18);
        Assert.Null(Propose(Synthetic.Session(varying with { Candidate = varying.Candidate.SetItem(0, 17) }), accepted));
    }

    [Fact]
    public void The_ratio_of_a_rate_is_candidate_to_pin_as_for_any_other_metric()
    {
        var session = Synthetic.Session(Synthetic.Metric("rate", 0.25, worse: Worse.Lower, unit: "calls/s"));
        var ratio = Propose(session, Synthetic.Accepting(session))!.Metrics["rate"];
        Assert.Equal(0.8, ratio.Ratio);
        Assert.Equal((Worse.Lower, "calls/s"), (ratio.Worse, ratio.Unit));

        // After the proposed ratio has been accepted, the same session is unchanged.
        var accepted = Synthetic.Accepting(session) with { Metrics = Synthetic.Accepting(session).Metrics.SetItem("rate", ratio) };
        Assert.Equal(MetricOutcome.Unchanged, Assert.Single(ScenarioVerdict.Of(session, accepted, Synthetic.Policy).Metrics).Outcome);
    }

    [Fact]
    public void A_measured_ratio_has_bounds_and_names_its_rounds_and_sessions()
    {
        var first = Synthetic.Metric("time", 0.25, 0.02, rounds: 12);
        Assert.Equal(
            (1.25, 1.225, 1.275, 12, 1),
            Figures(AcceptedRatio.Measured(first, confirmation: null)));
        var second = Synthetic.Metric("time", 0.25, rounds: 40);
        Assert.Equal((52, 2), (AcceptedRatio.Measured(first, second).Rounds, AcceptedRatio.Measured(first, second).Sessions));
        Assert.Equal(60, AcceptedRatio.Measured(second, second).Rounds);
        Assert.Equal(
            1.275,
            AcceptedRatio.Measured(Synthetic.Metric("time", 0.25, 0, rounds: 18), Synthetic.Metric("time", 0.30, 0, rounds: 18)).Ratio,
            precision: 3);

        static (double, double, double, int, int) Figures(AcceptedRatio ratio) =>
            (ratio.Ratio, Math.Round(ratio.Bounds[0], 3), Math.Round(ratio.Bounds[1], 3), ratio.Rounds, ratio.Sessions);
    }

    [Fact]
    public void A_proposal_can_be_read_as_a_baseline_for_any_number_of_rounds()
    {
        foreach (var rounds in new[] { 1, 9, 12, 40 })
        {
            var session = Synthetic.Session(Synthetic.Metric("time", 0.25, 0.3, rounds));
            var text = Propose(session, Baseline.Empty("Startup", Synthetic.Pin))!.With(session, Synthetic.Machine).ToText();
            Assert.Equal(text, Baseline.Parse(text, "Startup.verified.json", "Startup").ToText());
        }
    }

    [Fact]
    public void A_metric_that_the_scenario_has_no_more_is_proposed_for_removal()
    {
        var before = Synthetic.Accepting(
            Synthetic.Session(Synthetic.Metric("time", 0), Synthetic.Metric("wait", 0), Synthetic.Count("count", 17)));
        var verdict = ScenarioVerdict.Of(Synthetic.Session(Synthetic.Metric("time", 0)), before, Synthetic.Policy);
        Assert.Equal(GateOutcome.Broken, verdict.Outcome);
        Assert.Contains("bench accept", verdict.Problems[0], StringComparison.Ordinal);

        var proposal = Proposal.Of(verdict, before, new HashSet<string> { "time" })!;

        Assert.Equal(["time"], proposal.Keys);
        Assert.Equal(["wait removed", "count removed"], proposal.ChangesFrom(before).Select(change => $"{change}"));
        Assert.Null(Acceptance.Refusal(proposal with { Sources = "same" }, before, Synthetic.Policy, "same"));
        Assert.Equal(GateOutcome.Passed, ScenarioVerdict.Of(verdict.Result, proposal, Synthetic.Policy).Outcome);
    }

    [Fact]
    public void A_metric_that_was_not_measured_although_the_scenario_has_it_is_not_proposed_for_removal()
    {
        var before = Synthetic.Accepting(Synthetic.Session(Synthetic.Metric("time", 0), Synthetic.Metric("wait", 0)));
        var verdict = ScenarioVerdict.Of(Synthetic.Session(Synthetic.Metric("time", 0)), before, Synthetic.Policy);
        Assert.Null(Proposal.Of(verdict, before, new HashSet<string> { "time", "wait" }));
    }

    private static Baseline? Propose(ScenarioResult session, Baseline baseline) =>
        Synthetic.Propose(ScenarioVerdict.Of(session, baseline, Synthetic.Policy), baseline);
}
