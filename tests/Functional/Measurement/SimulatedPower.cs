using Snakepit.Measurement.Decisions;
using Xunit.Abstractions;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Tests how often simulated changes are detected, and how often unchanged code is called regressed.</summary>
public sealed class SimulatedPower(ITestOutputHelper output)
{
    private static readonly InterimLooks InterimLooks = new([12, 18, 27, 40], 0.005, 1.3);
    private static readonly RatioRule Time = new(
        Negligible: 1.05, Tolerance: 1.15, MustDetect: 1.20, Improvement: 0.95, BetweenJobSd: 0.02);

    // Each case gives the standard deviation of a round, and the probability with which the gate, by its design, detects and confirms a
    // true change of +20 %. For a true change of +25 %, this probability is more than 99.9 % in every case.
    [Theory]
    [InlineData(0.010, 0.985)]
    [InlineData(0.058, 0.981)]
    [InlineData(0.100, 0.954)]
    public void Simulated_regressions_are_detected_as_often_as_the_gate_was_designed_for(double spread, double share)
    {
        const int Trials = 3_000;
        var (same, five, twenty, twentyFive) = (Play(spread, 1), Play(spread, 1.05), Play(spread, 1.20), Play(spread, 1.25));
        output.WriteLine(
            $"sd of a round {Synthetic.Percent(spread)} %: regressed at 0 % {Synthetic.Percent(same.Regressed)} % "
            + $"(before confirmation {Synthetic.Percent(same.Suspected)} %), at +5 % {Synthetic.Percent(five.Regressed)} %, "
            + $"at +20 % {Synthetic.Percent(twenty.Regressed)} %, at +25 % {Synthetic.Percent(twentyFive.Regressed)} %; "
            + $"at 0 % inconclusive {Synthetic.Percent(same.Inconclusive)} %, mean rounds {same.Rounds:F1}");
        Assert.Equal(0, same.Regressed);
        Assert.InRange(same.Inconclusive, 0, 0.01);
        Assert.InRange(same.Rounds, 12, 15);
        Assert.InRange(five.Regressed, 0, 0.01);
        Assert.InRange(twenty.Regressed, share - Slack(share), share + 0.015);
        Assert.InRange(twentyFive.Regressed, 0.999 - Slack(0.999), 1);

        static double Slack(double p) => 4 * Math.Sqrt(p * (1 - p) / Trials);

        (double Regressed, double Suspected, double Inconclusive, double Rounds) Play(double sd, double ratio)
        {
            var random = new Random(17);
            var (regressed, suspected, inconclusive, rounds) = (0, 0, 0, 0);
            for (var trial = 0; trial < Trials; trial++)
            {
                var first = SequentialTest.Judge(Session(random, sd, ratio), Time, InterimLooks);
                rounds += first.Estimate!.Count;
                inconclusive += first.Verdict == Verdict.Inconclusive ? 1 : 0;
                if (first.Verdict == Verdict.Regressed)
                {
                    suspected++;
                    var second = SequentialTest.Confirm(Session(random, sd, ratio), Time, InterimLooks);
                    regressed += second.Verdict == Verdict.Regressed ? 1 : 0;
                }
            }

            return ((double)regressed / Trials, (double)suspected / Trials, (double)inconclusive / Trials, (double)rounds / Trials);
        }
    }

    [Theory]
    [InlineData(0.90, 0.02, 0.25)]
    [InlineData(0.85, 0.70, 1)]
    public void An_improvement_is_reported_about_as_often_as_the_report_says(double ratio, double least, double most)
    {
        const int Trials = 2_000;
        var random = new Random(23);
        var improved = Enumerable.Range(0, Trials).Count(
            _ => SequentialTest.Judge(Session(random, 0.058, ratio), Time, InterimLooks).Verdict == Verdict.Improved);
        output.WriteLine($"a true {Synthetic.Percent(ratio - 1)} % is called improved in {Synthetic.Percent((double)improved / Trials)} %");
        Assert.InRange((double)improved / Trials, least, most);
    }

    private static double[] Session(Random random, double sd, double ratio)
    {
        var job = Math.Log(ratio) + (0.02 * random.Normal());
        var rounds = new double[InterimLooks.Rounds[^1]];
        for (var i = 0; i < rounds.Length; i++)
        {
            rounds[i] = job + (sd * random.Normal());
        }

        return rounds;
    }
}
