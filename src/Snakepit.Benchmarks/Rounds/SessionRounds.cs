using System.Collections.Immutable;
using Snakepit.Benchmarks.Arms;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>The rounds of a session so far, and what they make together.</summary>
/// <param name="scenario">The scenario.</param>
/// <param name="pin">The pinned commit; null if the candidate is measured alone.</param>
/// <param name="seed">The seed of the session.</param>
internal sealed class SessionRounds(Scenario scenario, string? pin, int seed)
{
    private readonly List<Round> _rounds = [];
    private readonly List<string> _dropped = [];

    /// <summary>How many rounds count.</summary>
    public int Count => _rounds.Count;

    /// <summary>Why rounds do not count, one reason each.</summary>
    public IReadOnlyList<string> Dropped => _dropped;

    /// <summary>Adds a round.</summary>
    public void Add(Round round) => _rounds.Add(round);

    /// <summary>Leaves out a round on both sides.</summary>
    public void Drop(int number, string reason) => _dropped.Add($"round {number} was dropped on both sides: {reason}");

    /// <summary>What was measured.</summary>
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
    /// The values of a metric on one side. There may be fewer than rounds: a metric that was decided is not measured in later rounds. If it
    /// lacks values for another reason, its verdict says so.
    /// </summary>
    private ImmutableArray<double> Values(Side side, string key) =>
        [.. _rounds.Select(round => round.Of(side)).Where(values => values.ContainsKey(key)).Select(values => values[key])];
}
