using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Tests the verdicts at interim looks, which judge a metric while it is still being measured.</summary>
public sealed class SequentialVerdicts
{
    private static readonly InterimLooks InterimLooks = new([12, 18, 27, 40], 0.005, 1.3);
    private static readonly RatioRule Time = new(
        Negligible: 1.05, Tolerance: 1.15, MustDetect: 1.20, Improvement: 0.95, BetweenJobSd: 0.02);

    [Fact]
    public void Every_interim_look_gets_an_equal_share_of_the_error_probability() =>
        Assert.Equal(0.00125, InterimLooks.LevelPerLook, precision: 12);

    [Fact]
    public void There_is_no_verdict_before_the_first_interim_look() =>
        Assert.Equal(
            new Judgement(Verdict.Inconclusive, null, IsSensitive: false),
            SequentialTest.Judge(Synthetic.Alternating(1, 0.01, 11), Time, InterimLooks));

    [Theory]
    [InlineData(12, 12)]
    [InlineData(17, 12)]
    [InlineData(18, 18)]
    [InlineData(39, 27)]
    [InlineData(40, 40)]
    [InlineData(60, 40)]
    public void Rounds_after_an_interim_look_count_from_the_next_one_on(int rounds, int looked)
    {
        var judgement = SequentialTest.Judge(Synthetic.Alternating(Math.Log(1.14), 0.01, rounds), Time, InterimLooks);
        Assert.Equal((Verdict.Inconclusive, false, looked), (judgement.Verdict, judgement.IsFinal, judgement.Estimate!.Count));
    }

    [Theory]
    [InlineData(1.30, 1.00, Verdict.Regressed)]
    [InlineData(1.00, 1.30, Verdict.Unchanged)]
    [InlineData(0.80, 1.30, Verdict.Improved)]
    public void The_first_verdict_stands_even_if_later_rounds_contradict_it(double first, double later, Verdict expected)
    {
        double[] rounds = [.. Synthetic.Alternating(Math.Log(first), 0.01, 12), .. Synthetic.Alternating(Math.Log(later), 0.01, 28)];
        var judgement = SequentialTest.Judge(rounds, Time, InterimLooks);
        Assert.Equal((expected, 12), (judgement.Verdict, judgement.Estimate!.Count));
    }

    [Fact]
    public void Rounds_that_vary_much_need_more_rounds_for_a_verdict()
    {
        // The first 12 rounds vary much and the other rounds little. There is no verdict after 12 and 18 rounds, but there is one after 27.
        double[] rounds = [.. Synthetic.Alternating(0, 0.19, 12), .. Synthetic.Alternating(0, 0.001, 28)];
        Assert.Equal(Verdict.Inconclusive, SequentialTest.Judge(rounds.AsSpan(0, 12), Time, InterimLooks).Verdict);
        var judgement = SequentialTest.Judge(rounds, Time, InterimLooks);
        Assert.Equal((Verdict.Unchanged, 27), (judgement.Verdict, judgement.Estimate!.Count));
    }

    [Theory]
    [InlineData(0.6, 0.20, true, Verdict.Improved)]
    // The sensitivity check fails: the distance of the bounds, √(0.21² + 0.052²), is more than ln 1.30 − ln 1.05.
    [InlineData(0.6, 0.21, false, Verdict.Inconclusive)]
    [InlineData(2.0, 0.21, false, Verdict.Regressed)]
    public void A_pass_needs_the_sensitivity_check_and_a_regression_does_not(
        double ratio, double spread, bool isSensitive, Verdict expected)
    {
        var judgement = SequentialTest.Judge(Synthetic.Alternating(Math.Log(ratio), spread, 40), Time, InterimLooks);
        Assert.Equal((expected, isSensitive), (judgement.Verdict, judgement.IsSensitive));
    }

    [Fact]
    public void The_sensitivity_check_judges_the_rounds_of_the_candidate_centred_and_made_worse()
    {
        var random = new Random(5);
        for (var i = 0; i < 300; i++)
        {
            var (spread, centre) = (0.3 * random.NextDouble(), random.Normal());
            double[] rounds = [.. Enumerable.Range(0, 18).Select(_ => centre + (spread * random.Normal()))];
            var estimate = Estimate.Of(rounds, InterimLooks.LevelPerLook);
            double[] worse = [.. rounds.Select(round => round - estimate.Value + Math.Log(1.3))];
            Assert.Equal(Time.Judge(Estimate.Of(worse, InterimLooks.LevelPerLook)) == Verdict.Regressed, Time.WouldDetect(estimate, 1.3));
        }
    }

    [Theory]
    [InlineData(1.00, 0.01, Verdict.Unchanged)]
    [InlineData(0.80, 0.01, Verdict.Improved)]
    [InlineData(1.10, 0.01, Verdict.Unchanged)] // The lower bound is below +5 %.
    [InlineData(1.12, 0.01, Verdict.Regressed)] // In a first session, 12 % would be below the tolerance.
    [InlineData(1.25, 0.01, Verdict.Regressed)]
    [InlineData(1.00, 0.50, Verdict.Inconclusive)]
    [InlineData(1.14, 0.10, Verdict.Inconclusive)]
    public void A_second_session_confirms_a_regression_if_its_lower_bound_is_above_five_percent(
        double ratio, double spread, Verdict expected) =>
        Assert.Equal(expected, SequentialTest.Confirm(Synthetic.Alternating(Math.Log(ratio), spread, 40), Time, InterimLooks).Verdict);

    [Fact]
    public void A_second_session_that_does_not_reach_an_interim_look_confirms_nothing() =>
        Assert.Equal(Verdict.Inconclusive, SequentialTest.Confirm(Synthetic.Alternating(1, 0.01, 11), Time, InterimLooks).Verdict);
}
