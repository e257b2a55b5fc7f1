using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Comparison;

/// <summary>Whether an absolute target was met.</summary>
public enum TargetOutcome
{
    /// <summary>The best round is within the target.</summary>
    Met,

    /// <summary>Every round is beyond the target, on a machine that is fast enough to tell.</summary>
    Missed,

    /// <summary>Every round is beyond the target, and so is the bare reference beyond its own limit: the machine cannot tell.</summary>
    MachineUnfit,
}

/// <summary>The verdict on a must-not-regress target.</summary>
/// <param name="Outcome">What it is.</param>
/// <param name="Explanation">One sentence with every figure involved.</param>
public sealed record TargetVerdict(TargetOutcome Outcome, string Explanation)
{
    /// <summary>
    /// Judges the best round: noise only ever makes a round worse, so one good round proves that the target can be met. A miss counts only if
    /// the reference, measured in the same rounds without the code under test, was within its own limit.
    /// </summary>
    /// <param name="result">What was measured.</param>
    /// <param name="key">The metric.</param>
    /// <param name="target">Its limits; <see cref="Target.Must"/>, <see cref="Target.Reference"/> and its limit must be there.</param>
    /// <exception cref="ArgumentException">The target has no must, or no reference.</exception>
    public static TargetVerdict Of(ScenarioResult result, string key, Target target)
    {
        if (target is not { Must: { } must, Reference: { } referenceKey, ReferenceLimit: { } referenceLimit })
        {
            throw new ArgumentException($"The policy gives '{key}' no must target with a reference and its limit.", nameof(target));
        }

        var (measured, reference) = (result[key], result[referenceKey]);
        var (best, referenceBest) = (measured.Best, reference.Best);
        var figures = $"{key}: best of {measured.Rounds.Length} rounds {Figure.Of(best)} {measured.Unit}, limit {Figure.Of(must)}; "
            + $"reference {referenceKey}: best {Figure.Of(referenceBest)} {reference.Unit}, limit {Figure.Of(referenceLimit)}";
        if (!measured.Metric.IsBeyond(best, must))
        {
            return new TargetVerdict(TargetOutcome.Met, figures);
        }

        return reference.Metric.IsBeyond(referenceBest, referenceLimit)
            ? new TargetVerdict(TargetOutcome.MachineUnfit, $"machine unfit: {figures}")
            : new TargetVerdict(TargetOutcome.Missed, $"target missed: {figures}");
    }
}
