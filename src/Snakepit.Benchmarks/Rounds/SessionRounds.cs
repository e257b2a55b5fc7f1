using System.Collections.Immutable;
using Snakepit.Benchmarks.Arms;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>Collects the rounds of a measurement session, and computes the result from them.</summary>
/// <param name="scenario">The scenario that is measured.</param>
/// <param name="pin">The pinned commit, which the candidate is compared with; null if only the candidate is measured.</param>
/// <param name="seed">The seed of the random choices in the session.</param>
internal sealed class SessionRounds(Scenario scenario, string? pin, int seed)
{
    private readonly List<Round> _rounds = [];
    private readonly List<string> _dropped = [];

    /// <summary>The number of rounds that count, which excludes dropped rounds.</summary>
    public int Count => _rounds.Count;

    /// <summary>The reasons for which rounds were dropped, one for each dropped round.</summary>
    public IReadOnlyList<string> Dropped => _dropped;

    /// <summary>Adds a round that counts.</summary>
    public void Add(Round round) => _rounds.Add(round);

    /// <summary>Drops a round on both sides, and keeps the reason.</summary>
    public void Drop(int number, string reason) => _dropped.Add($"round {number} was dropped on both sides: {reason}");

    /// <summary>Returns the result of all rounds so far.</summary>
    public ScenarioResult ToResult()
    {
        var metrics = scenario.Readings.Select(ToResult).ToImmutableArray();
        var incomparable = metrics.Where(metric => metric.WhyNotComparable is not null)
            .GroupBy(metric => metric.WhyNotComparable, metric => metric.Key)
            .Select(keys => $"not comparable: {string.Join(", ", keys)}, because {keys.Key}; "
                + "move the pin to a newer commit with 'bench pin'");
        return new ScenarioResult(scenario.Name, metrics, seed, pin, [.. _dropped, .. incomparable]);
    }

    private MetricResult ToResult(Reading reading)
    {
        var metric = reading.Metric;
        return new MetricResult(
            metric.Key, metric.Unit, metric.Worse, metric.Description,
            Values(Side.Candidate, metric.Key),
            pin is null ? [] : Values(Side.Pin, metric.Key),
            reading.IsCandidateOnly ? null : _rounds.Select(round => round.WhyNotComparable(metric.Key)).OfType<string>().FirstOrDefault());
    }

    /// <summary>
    /// Returns the values of a metric on one side. There may be fewer values than rounds, because a metric that has a verdict is not
    /// measured in later rounds. If values are missing for another reason, the verdict on the metric says so.
    /// </summary>
    private ImmutableArray<double> Values(Side side, string key) =>
        [.. _rounds.Select(round => round.Of(side)).Where(values => values.ContainsKey(key)).Select(values => values[key])];
}
