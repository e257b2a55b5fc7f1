using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class Targets
{
    private const double Level = 0.00125;

    [Theory]
    [InlineData(Worse.Higher, 900, 900, TargetOutcome.Holds)]
    [InlineData(Worse.Higher, 1100, 900, TargetOutcome.Missed)]
    [InlineData(Worse.Higher, 1100, 1100, TargetOutcome.MachineUnfit)]
    [InlineData(Worse.Higher, 900, 1100, TargetOutcome.Holds)]
    [InlineData(Worse.Higher, 1015, 900, TargetOutcome.Holds)] // The candidate's better bound is 995, which meets the limit of 1000.
    [InlineData(Worse.Higher, 1100, 1015, TargetOutcome.Missed)] // The pin's better bound is 995, which meets the limit of 1000.
    [InlineData(Worse.Lower, 1100, 1100, TargetOutcome.Holds)]
    [InlineData(Worse.Lower, 900, 1100, TargetOutcome.Missed)]
    [InlineData(Worse.Lower, 900, 900, TargetOutcome.MachineUnfit)]
    [InlineData(Worse.Lower, 1100, 900, TargetOutcome.Holds)]
    [InlineData(Worse.Lower, 985, 1100, TargetOutcome.Holds)]
    [InlineData(Worse.Lower, 900, 985, TargetOutcome.Missed)]
    public void A_limit_is_missed_if_the_candidate_certainly_misses_it_and_the_pin_does_not(
        Worse worse, double candidate, double pin, TargetOutcome expected) =>
        Assert.Equal(expected, TargetVerdict.Of(Result(worse, candidate, pin), 1000, Level).Outcome);

    [Theory]
    [InlineData(Worse.Higher, 1100, TargetOutcome.Missed)]
    [InlineData(Worse.Higher, 900, TargetOutcome.Holds)]
    [InlineData(Worse.Lower, 900, TargetOutcome.Missed)]
    [InlineData(Worse.Lower, 1100, TargetOutcome.Holds)]
    public void Without_a_pin_the_limit_is_still_judged(Worse worse, double candidate, TargetOutcome expected) =>
        Assert.Equal(expected, TargetVerdict.Of(Result(worse, candidate, 1) with { Pin = [] }, 1000, Level).Outcome);

    [Theory]
    [InlineData(Worse.Higher)]
    [InlineData(Worse.Lower)]
    public void Too_few_rounds_cannot_miss_a_limit(Worse worse) =>
        Assert.Equal(
            TargetOutcome.Holds, TargetVerdict.Of(Result(worse, worse == Worse.Higher ? 5000 : 1, 1000, rounds: 9), 1000, Level).Outcome);

    [Fact]
    public void The_explanation_contains_every_figure()
    {
        Assert.Equal(
            "target missed: startup must be < 1,000 ms; median 1,100, at best 1,078; the pin in the same rounds at best 882",
            TargetVerdict.Of(Result(Worse.Higher, 1100, 900), 1000, Level).Explanation);
        Assert.Equal(
            "machine unfit: startup must be > 1,000 ms; median 900, at best 918; the pin in the same rounds at best 918",
            TargetVerdict.Of(Result(Worse.Lower, 900, 900), 1000, Level).Explanation);
        Assert.Equal(
            "startup must be < 1,000 ms; median 900, at best 882",
            TargetVerdict.Of(Result(Worse.Higher, 900, 900) with { Pin = [] }, 1000, Level).Explanation);
    }

    private static MetricResult Result(Worse worse, double candidate, double pin, int rounds = 12) => new(
        "startup", "ms", worse, "", [.. Rounds(candidate, rounds)], [.. Rounds(pin, rounds)]);

    private static IEnumerable<double> Rounds(double centre, int rounds) =>
        Synthetic.Alternating(Math.Log(centre), Math.Log(1.02), rounds).Select(Math.Exp);
}
