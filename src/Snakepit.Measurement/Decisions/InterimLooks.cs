using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Decisions;

/// <summary>
/// The numbers of rounds after which a metric is judged, and the risk of an error. An interim look is a judgement while the metric is still
/// being measured: if it reaches a verdict, the metric is measured no further. Group-sequential trials in medicine work in the same way.
/// </summary>
/// <param name="Rounds">
/// The numbers of rounds after which there is an interim look, in ascending order. A metric that has no verdict after the last look stays
/// inconclusive.
/// </param>
/// <param name="Level">
/// The one-sided error probability over all looks together. Every look gets an equal share of this probability (Bonferroni correction).
/// </param>
/// <param name="SensitivityFactor">
/// The change that the sensitivity check assumes, for example 1.3 for 30 % worse: a metric passes only if its rounds, shifted so that this
/// is the estimated change, would have been found regressed.
/// </param>
public sealed record InterimLooks(
    ImmutableArray<int> Rounds,
    double Level,
    [property: JsonPropertyName("control")] double SensitivityFactor)
{
    /// <summary>The one-sided error probability at each interim look.</summary>
    [JsonIgnore]
    public double LevelPerLook => Level / Rounds.Length;
}
