using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Decisions;

/// <summary>When the rounds are looked at, and how large the risk of an error is in all.</summary>
/// <param name="Rounds">After how many rounds, ascending; no verdict after the last means that there will be none.</param>
/// <param name="Level">The largest probability of an error on one side over all looks; each gets an equal share.</param>
/// <param name="Control">The factor by which the control makes a candidate's own rounds worse.</param>
public sealed record Looks(ImmutableArray<int> Rounds, double Level, double Control)
{
    /// <summary>The share of one look.</summary>
    [JsonIgnore]
    public double LevelOfOne => Level / Rounds.Length;
}
