using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Decisions;

/// <summary>A verdict on the change of one metric, and the estimate that the verdict is based on.</summary>
/// <param name="Verdict">The verdict on the change.</param>
/// <param name="Estimate">
/// The estimated logarithm of the change, with bounds that include the spread between jobs; null before the first interim look.
/// </param>
/// <param name="IsSensitive">
/// Whether the rounds passed the sensitivity check: a candidate that is worse by <see cref="InterimLooks.SensitivityFactor"/> would have
/// been found regressed.
/// </param>
public sealed record Judgement(Verdict Verdict, Estimate? Estimate, bool IsSensitive)
{
    /// <summary>The judgement when there are too few rounds for the first interim look.</summary>
    public static Judgement None { get; } = new(Verdict.Inconclusive, Estimate: null, IsSensitive: false);

    /// <summary>Returns true if there is a verdict other than inconclusive, so that no further rounds are needed.</summary>
    public bool IsFinal => Verdict != Verdict.Inconclusive;
}
