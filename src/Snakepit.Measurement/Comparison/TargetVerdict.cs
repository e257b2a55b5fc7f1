using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Comparison;

/// <summary>Whether an absolute target was met.</summary>
public enum TargetOutcome
{
    /// <summary>The best round is within the target.</summary>
    Met,

    /// <summary>Every round is beyond the target, and most of them were fit to tell.</summary>
    Missed,

    /// <summary>Every round is beyond the target, but in most of them a bare reference was beyond its own limit too: the machine cannot tell.</summary>
    MachineUnfit,
}

/// <summary>The verdict on a must-not-regress target.</summary>
/// <param name="Outcome">What it is.</param>
/// <param name="Explanation">One sentence with every figure involved.</param>
public sealed record TargetVerdict(TargetOutcome Outcome, string Explanation)
{
    /// <summary>
    /// Judges the best round: noise only ever makes a round worse, so one good round proves that the target can be met. Rounds beyond it count
    /// as a miss only if most of them were fit: if the bare references, measured in the same round, were within their own limits.
    /// </summary>
    /// <param name="result">What was measured.</param>
    /// <param name="key">The metric.</param>
    /// <param name="target">Its limits; <see cref="Target.Must"/> and at least one reference must be there.</param>
    /// <exception cref="ArgumentException">The target has no must, or no reference.</exception>
    public static TargetVerdict Of(ScenarioResult result, string key, Target target)
    {
        if (target is not { Must: { } must, Fitness: { IsEmpty: false } fitness })
        {
            throw new ArgumentException($"The policy gives '{key}' no must target with a reference and its limit.", nameof(target));
        }

        var measured = result[key];
        var references = fitness.Select(reference => (Result: result[reference.Key], Limit: reference.Value)).ToList();
        var rounds = measured.Rounds.Length;
        var fit = Enumerable.Range(0, rounds).Count(round =>
            references.TrueForAll(reference => !reference.Result.Metric.IsBeyond(reference.Result.Rounds[round], reference.Limit)));
        var figures = $"{key}: best of {rounds} rounds {Figure.Of(measured.Best)} {measured.Unit}, limit {Figure.Of(must)}; {fit} of {rounds} rounds fit ("
            + string.Join(", ", references.Select(reference =>
                $"{reference.Result.Key}: median {Figure.Of(reference.Result.Sample.Median)} {reference.Result.Unit}, limit {Figure.Of(reference.Limit)}")) + ")";
        if (!measured.Metric.IsBeyond(measured.Best, must))
        {
            return new TargetVerdict(TargetOutcome.Met, figures);
        }

        return fit * 2 > rounds
            ? new TargetVerdict(TargetOutcome.Missed, $"target missed: {figures}")
            : new TargetVerdict(TargetOutcome.MachineUnfit, $"machine unfit: {figures}");
    }
}
