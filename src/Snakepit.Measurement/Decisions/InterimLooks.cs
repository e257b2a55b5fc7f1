using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Decisions;

/// <summary>
/// After which rounds a metric is judged while it is still being measured (interim looks, as in group-sequential trials), and how large the
/// risk of an error is over all looks together.
/// </summary>
/// <param name="Rounds">The numbers of rounds, ascending. A metric that the last look does not decide stays inconclusive.</param>
/// <param name="Level">
/// The one-sided error probability over all looks together. Every look gets an equal share of it (Bonferroni correction).
/// </param>
/// <param name="SensitivityFactor">
/// The slowdown of the sensitivity check: a metric passes only if the same rounds, made worse by this factor, would have been found
/// regressed.
/// </param>
public sealed record InterimLooks(
    ImmutableArray<int> Rounds,
    double Level,
    [property: JsonPropertyName("control")] double SensitivityFactor)
{
    /// <summary>The one-sided error probability at each look.</summary>
    [JsonIgnore]
    public double LevelPerLook => Level / Rounds.Length;
}
