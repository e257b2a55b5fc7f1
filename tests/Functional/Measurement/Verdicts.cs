using System.Collections.Immutable;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class Verdicts
{
    private static readonly Target Startup = new(
        Must: 1000, Nice: 500, Fitness: ImmutableSortedDictionary<string, double>.Empty.Add("reference", 250));
    private static readonly Policy Policy = new(1, Tolerance: 0.15, Stop: 0.20, ImmutableSortedDictionary<string, Target>.Empty);

    [Theory]
    [InlineData(new double[] { 5000, 4000, 999 }, new double[] { 20, 20, 20 }, TargetOutcome.Met)]
    [InlineData(new double[] { 1000, 1001, 4000 }, new double[] { 20, 20, 20 }, TargetOutcome.Missed)]
    [InlineData(new double[] { 1000, 1001, 4000 }, new double[] { 249, 900, 249 }, TargetOutcome.Missed)]
    [InlineData(new double[] { 1000, 1001, 4000 }, new double[] { 249, 250, 251 }, TargetOutcome.MachineUnfit)]
    [InlineData(new double[] { 1000, 1001, 4000, 4000 }, new double[] { 20, 20, 900, 900 }, TargetOutcome.MachineUnfit)]
    [InlineData(new double[] { 300, 4000, 4000 }, new double[] { 900, 900, 900 }, TargetOutcome.Met)]
    public void The_best_round_is_judged_and_a_miss_counts_only_if_most_rounds_were_fit(double[] rounds, double[] reference, TargetOutcome expected)
    {
        var verdict = TargetVerdict.Of(Result(rounds, reference), "startup", Startup);
        Assert.Equal(expected, verdict.Outcome);
        Assert.Contains("limit 1,000", verdict.Explanation, StringComparison.Ordinal);
        Assert.Contains("limit 250", verdict.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_that_was_not_measured_is_no_pass() =>
        Assert.Throws<KeyNotFoundException>(() => TargetVerdict.Of(Result([1], [1]), "absent", Startup));

    [Fact]
    public void A_target_without_a_reference_cannot_fail_a_build() =>
        Assert.Throws<ArgumentException>(() => TargetVerdict.Of(Result([1], [1]), "startup", new Target(Must: 1)));

    [Theory]
    [InlineData(Worse.Higher, 100, 114, DriftLevel.Within)]
    [InlineData(Worse.Higher, 100, 116, DriftLevel.Worse)]
    [InlineData(Worse.Higher, 100, 121, DriftLevel.Stop)]
    [InlineData(Worse.Higher, 100, 84, DriftLevel.Better)]
    [InlineData(Worse.Lower, 100, 88, DriftLevel.Within)]
    [InlineData(Worse.Lower, 100, 86, DriftLevel.Worse)]
    [InlineData(Worse.Lower, 100, 83, DriftLevel.Stop)]
    [InlineData(Worse.Lower, 100, 130, DriftLevel.Better)]
    public void Drift_is_signed_by_the_direction_in_which_the_metric_gets_worse(Worse worse, double then, double now, DriftLevel expected) =>
        Assert.Equal(expected, Drift.Of(new Metric("m", "u", worse, ""), now, then, Policy).Level);

    [Fact]
    public void Without_a_stored_number_everything_is_new() =>
        Assert.Equal(new Drift(DriftLevel.New, null), Drift.Of(new Metric("m", "u", Worse.Higher, ""), 1, null, Policy));

    private static ScenarioResult Result(double[] startup, double[] reference) => new(
        "Startup",
        [
            new MetricResult("startup", "ms", Worse.Higher, "", [.. startup]),
            new MetricResult("reference", "ms", Worse.Higher, "", [.. reference]),
        ],
        Seed: 1);
}
