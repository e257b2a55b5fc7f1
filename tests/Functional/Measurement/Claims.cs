using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Studies;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Reports.Markdown;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Tests the verdicts on the claims of studies: a claim holds or fails only if the measured rounds show it.</summary>
public sealed class Claims
{
    private const int Rounds = 8;

    [Theory]
    [InlineData(2.0, ClaimOutcome.Holds)]
    [InlineData(3.0, ClaimOutcome.Undecided)] // The claimed factor is between the bounds.
    [InlineData(4.0, ClaimOutcome.Fails)]
    public void A_claim_holds_or_fails_only_if_the_bounds_exclude_the_contrary(double atLeast, ClaimOutcome outcome)
    {
        var verdict = Judge(
            Claim.Beside("a beside b", "a", "b", atLeast), Metric("a", Worse.Lower, 300, 0.1), Metric("b", Worse.Lower, 100));
        Assert.Equal(outcome, verdict.Outcome);
        Assert.Equal(3, Math.Exp(verdict.Factor!.Value), tolerance: 0.01);
        Assert.InRange(Math.Exp(verdict.Factor.Lower), 2.5, 2.99);
        Assert.InRange(Math.Exp(verdict.Factor.Upper), 3.01, 3.5);
    }

    [Fact]
    public void A_shorter_time_is_better()
    {
        var verdict = Judge(Claim.Beside("a beside b", "a", "b", 2), Metric("a", Worse.Higher, 10), Metric("b", Worse.Higher, 40));
        Assert.Equal(4, Math.Exp(verdict.Factor!.Value), tolerance: 0.001);
        Assert.Equal(ClaimOutcome.Holds, verdict.Outcome);
    }

    [Theory]
    [InlineData(50, ClaimOutcome.Holds)]
    [InlineData(40, ClaimOutcome.Undecided)]
    [InlineData(30, ClaimOutcome.Fails)]
    public void A_limit_holds_or_fails_only_if_the_bounds_exclude_the_contrary(double limit, ClaimOutcome outcome) =>
        Assert.Equal(outcome, Judge(Claim.Within("a", "a", limit), Metric("a", Worse.Higher, 40, 0.1)).Outcome);

    [Fact]
    public void Metrics_that_were_not_measured_in_the_same_rounds_are_not_compared()
    {
        var claim = Claim.Beside("a beside b", "a", "b", 1);
        Assert.Equal(
            ClaimOutcome.NotMeasured,
            Judge(claim, Metric("a", Worse.Lower, 300), Metric("b", Worse.Lower, 1) with { Candidate = [] }).Outcome);
        Assert.Equal(
            ClaimOutcome.NotMeasured,
            Judge(claim, Metric("a", Worse.Lower, 300), Metric("b", Worse.Lower, 1) with { Candidate = [1, 2, 3] }).Outcome);
        Assert.Throws<KeyNotFoundException>(() => Judge(claim, Metric("a", Worse.Lower, 300)));
    }

    [Fact]
    public void The_table_shows_what_was_measured_claimed_and_found()
    {
        var (a, b, c) = (Metric("a", Worse.Lower, 30_000), Metric("b", Worse.Lower, 10_000), Metric("c", Worse.Higher, 2.5, 0.1));
        Claim[] claims =
        [
            Claim.Beside("a beside b", "a", "b", 2),
            Claim.Beside("b beside a", "b", "a"),
            Claim.Beside("a beside itself", "a", "a"),
            Claim.Within("c", "c", 2),
            Claim.Within("c", "c", 2.5),
            Claim.Beside("a beside nothing", "a", "none", 1),
        ];
        var none = Metric("none", Worse.Lower, 1) with { Candidate = [] };
        var session = Session(a, b, c, none) with { Warnings = ["something happened\nmore of it"] };
        Golden.Equal(
            "Claims.verified.md",
            MarkdownStudy.Of(session, claims.Select(claim => ClaimVerdict.Of(claim, session, Study.Level)), ["Read it so."], Study.Level));
    }

    [Fact]
    public void Every_study_makes_a_claim_and_measures_each_of_its_metrics_once()
    {
        foreach (var study in AllStudies.All)
        {
            var keys = study.Metrics.Select(metric => metric.Key).ToList();
            Assert.Equal(keys.Distinct(), keys);
            var judged = study.Judge(Session([.. study.Metrics.Select(metric => Metric(metric.Key, metric.Worse, 1))]));
            Assert.Contains(judged, verdict => verdict.Claim.AtLeast is not null);
            Assert.All(judged, verdict => Assert.NotEqual(ClaimOutcome.NotMeasured, verdict.Outcome));
            Assert.InRange(study.Rounds, Study.FewestRounds, SignedRankDistribution.MaxCount / 2);
        }
    }

    [Theory]
    [InlineData(7, 2.0, 7)]
    [InlineData(7, 0.5, 7)] // All claims fail, which is certain.
    [InlineData(7, 1.5, 14)] // What is claimed is between the bounds.
    [InlineData(3, 1.5, 7)]
    [InlineData(14, 1.5, 14)]
    public void A_study_needs_as_many_rounds_again_while_a_comparison_is_undecided(int measured, double factor, int needed)
    {
        var study = new TransportsStudy();
        Assert.Equal(7, study.Rounds);
        Assert.Equal(needed, study.RoundsNeeded(Session([.. study.Metrics.Select(metric => Measured(metric))])));

        MetricResult Measured(Metric metric)
        {
            var isBetter = metric.Key.Contains(".direct.", StringComparison.Ordinal) == (metric.Worse == Worse.Lower);
            return Metric(metric.Key, metric.Worse, isBetter ? factor : 1, isBetter ? 0.1 : 0, measured);
        }
    }

    private static ClaimVerdict Judge(Claim claim, params MetricResult[] metrics) => ClaimVerdict.Of(claim, Session(metrics), Study.Level);

    private static ScenarioResult Session(params MetricResult[] metrics) => new("Study", [.. metrics], Seed: 7, Pin: null, Warnings: []);

    private static MetricResult Metric(string key, Worse worse, double centre, double distance = 0, int rounds = Rounds) => new(
        key, "unit", worse, "made up", [.. Synthetic.Alternating(Math.Log(centre), distance, rounds).Select(Math.Exp)], []);
}
