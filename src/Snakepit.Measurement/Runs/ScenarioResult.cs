using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Runs;

/// <summary>
/// The result of one measurement session of a scenario. A session is a series of rounds that were measured one after another, with one
/// seed.
/// </summary>
/// <param name="Scenario">The name of the scenario.</param>
/// <param name="Metrics">The measured values of each metric.</param>
/// <param name="Seed">The seed of all random choices in the session.</param>
/// <param name="Pin">
/// The pinned commit, which the candidate was compared with, as 40 hexadecimal digits; null if only the candidate was measured.
/// </param>
/// <param name="Warnings">Events during the measurement that a reader of the report should know about.</param>
/// <param name="Confirmation">
/// The second session, which measured again to confirm the regressions that this session found; null if there was none.
/// </param>
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
    /// <summary>The names of the metrics that the session has not measured because they are measured only in full runs.</summary>
    public ImmutableArray<string> LeftOut { get; init; } = [];

    /// <summary>Returns the values of the metric with the given name.</summary>
    /// <exception cref="KeyNotFoundException">The metric was not measured.</exception>
    public MetricResult this[string key] => Find(key)
        ?? throw new KeyNotFoundException(
            $"{Scenario} has no metric '{key}'; it has {string.Join(", ", Metrics.Select(metric => metric.Key))}.");

    /// <summary>Returns the values of the metric with the given name; null if the metric was not measured.</summary>
    public MetricResult? Find(string key) => Metrics.FirstOrDefault(metric => metric.Key == key);

    /// <summary>A metric that is there twice, in this session or in the one that confirms it; null if there is none.</summary>
    [JsonIgnore]
    public string? NamedTwice => RunResult.RepeatedIn(Metrics.Select(metric => metric.Key)) ?? Confirmation?.NamedTwice;

    /// <summary>The number of rounds of the session. A metric that reached its verdict before the others has fewer values.</summary>
    [JsonIgnore]
    public int Rounds => Metrics.IsDefaultOrEmpty ? 0 : Metrics.Max(metric => metric.Candidate.Length);
}
