using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Runs;

/// <summary>One session of a scenario: rounds that were measured one after another, with one seed.</summary>
/// <param name="Scenario">The name of the scenario.</param>
/// <param name="Metrics">The measured values.</param>
/// <param name="Seed">The seed of all random choices.</param>
/// <param name="Pin">The pinned revision, 40 hexadecimal digits; null if only the candidate was measured.</param>
/// <param name="Warnings">Events during the measurement that a reader of the report should know about.</param>
/// <param name="Confirmation">The second session, if regressions found in this one had to be confirmed.</param>
/// <param name="Failure">Why the measurement was aborted; null if it was completed. After an abort, the values are not judged.</param>
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
    public MetricResult this[string key] => Find(key)
        ?? throw new KeyNotFoundException(
            $"{Scenario} has no metric '{key}'; it has {string.Join(", ", Metrics.Select(metric => metric.Key))}.");

    /// <summary>The metric of that name, or null.</summary>
    public MetricResult? Find(string key) => Metrics.FirstOrDefault(metric => metric.Key == key);

    /// <summary>The number of rounds. Metrics that were decided before the others have fewer values.</summary>
    [JsonIgnore]
    public int Rounds => Metrics.IsDefaultOrEmpty ? 0 : Metrics.Max(metric => metric.Candidate.Length);
}
