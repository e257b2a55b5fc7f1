using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Decisions;

/// <summary>A verdict, and what it is based on.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Estimate">
/// The estimated logarithm of the change, with bounds that include the spread between jobs; null before the first interim look.
/// </param>
/// <param name="IsSensitive">
/// True if the rounds passed the sensitivity check: a candidate that is worse by <see cref="InterimLooks.SensitivityFactor"/> would have
/// been found regressed.
/// </param>
public sealed record Judgement(Verdict Verdict, Estimate? Estimate, bool IsSensitive)
{
    /// <summary>The judgement of too few rounds for the first interim look.</summary>
    public static Judgement None { get; } = new(Verdict.Inconclusive, Estimate: null, IsSensitive: false);

    /// <summary>True if no further rounds are needed.</summary>
    public bool IsFinal => Verdict != Verdict.Inconclusive;
}
