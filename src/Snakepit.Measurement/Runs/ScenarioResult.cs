using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Runs;

/// <summary>One session of a scenario: rounds that were measured one after the other with one seed.</summary>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Metrics">What was measured.</param>
/// <param name="Seed">The seed of every random choice.</param>
/// <param name="Pin">The pinned revision, 40 hexadecimal digits; null if the candidate was measured alone.</param>
/// <param name="Warnings">What happened on the way that a reader should know.</param>
/// <param name="Confirmation">The session that was measured to confirm what this one found regressed, if any.</param>
/// <param name="Failure">Why the measurement was given up, if it was: then nothing else counts.</param>
public sealed record ScenarioResult(
    string Scenario,
    ImmutableArray<MetricResult> Metrics,
    int Seed,
    string? Pin,
    ImmutableArray<string> Warnings,
    ScenarioResult? Confirmation = null,
    string? Failure = null)
{
    /// <summary>The metric of that name.</summary>
    /// <exception cref="KeyNotFoundException">It was not measured.</exception>
    public MetricResult this[string key] =>
        Find(key) ?? throw new KeyNotFoundException($"{Scenario} has no metric '{key}'; it has {string.Join(", ", Metrics.Select(metric => metric.Key))}.");

    /// <summary>The metric of that name, or null.</summary>
    public MetricResult? Find(string key) => Metrics.FirstOrDefault(metric => metric.Key == key);

    /// <summary>How many rounds were measured; of a metric that was decided earlier fewer.</summary>
    [JsonIgnore]
    public int Rounds => Metrics.IsDefaultOrEmpty ? 0 : Metrics.Max(metric => metric.Candidate.Length);
}
