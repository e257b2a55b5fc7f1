using System.Collections.Immutable;
using System.Globalization;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Creates synthetic rounds and sessions with known properties, and a policy and baselines to judge them by.</summary>
internal static class Synthetic
{
    /// <summary>A session in which nothing has changed: a time, a rate, a size and a count.</summary>
    public static ScenarioResult UnchangedSession => Session(
        Metric("time", 0),
        Metric("rate", 0, worse: Worse.Lower, unit: "calls/s"),
        Metric("memory", 0, 0.001, unit: "MB"),
        Count("count", 17));

    public const string PolicyText =
        """
        {
          "schema": 2,
          "looks": { "rounds": [12, 18, 27, 40], "level": 0.005, "control": 1.3 },
          "rules": {
            "amount": { "noAlarm": 1.02, "edge": 1.05, "catch": 1.08, "better": 0.98, "tau": 0.004 },
            "time": { "noAlarm": 1.05, "edge": 1.15, "catch": 1.2, "better": 0.95, "tau": 0.02 }
          },
          "metrics": {
            "count": { "rule": "exact" },
            "limit": { "must": 1000, "nice": 500 },
            "memory": { "rule": "amount" },
            "rate": { "rule": "time", "must": 50, "nice": 500 },
            "time": { "rule": "time" },
            "wait": { "rule": "time" }
          }
        }
        """;

    public static readonly string Pin = new('a', 40);

    public static Policy Policy { get; } = Policy.Parse(PolicyText, "policy.json");

    public static MachineProfile Machine { get; } = new(
        "Test CPU (R) @ 3GHz", 2, "10.0", ImmutableSortedDictionary<string, string>.Empty.Add("grpcio", "1.51").Add("python", "3.11"));

    /// <summary>
    /// Returns the proposal that follows from a verdict, for a scenario that has the measured metrics and those of the baseline.
    /// </summary>
    public static Baseline? Propose(ScenarioVerdict verdict, Baseline baseline) =>
        Proposal.Of(verdict, baseline, verdict.Result.Metrics.Select(metric => metric.Key).Concat(baseline.Keys).ToHashSet());

    /// <summary>
    /// Returns values that alternate above and below a centre. At every interim look, the estimate of these values is the centre, and its
    /// bounds are the two alternating values.
    /// </summary>
    public static double[] Alternating(double centre, double distance, int count) =>
        [.. Enumerable.Range(0, count).Select(round => centre + (round % 2 == 0 ? distance : -distance))];

    /// <summary>
    /// Returns a metric whose candidate is worse than its pin by a share such as 0.25; if the share is negative, the candidate is better.
    /// </summary>
    public static MetricResult Metric(
        string key, double worseBy, double spread = 0.01, int rounds = 12, Worse worse = Worse.Higher, string unit = "ms", double pin = 100)
    {
        var sign = worse == Worse.Higher ? 1 : -1;
        var pins = Enumerable.Range(0, rounds).Select(round => pin * (1 + (0.02 * (round % 3)))).ToImmutableArray();
        var changes = Alternating(Math.Log(1 + worseBy), spread, rounds);
        return new MetricResult(
            key, unit, worse, $"{key} made up", [.. pins.Zip(changes, (value, change) => value * Math.Exp(sign * change))], pins);
    }

    /// <summary>Returns a metric that has the same value on both sides in every round.</summary>
    public static MetricResult Count(string key, double value, int rounds = 12) =>
        new(key, "processes", Worse.Higher, $"{key} made up", [.. Enumerable.Repeat(value, rounds)], [.. Enumerable.Repeat(value, rounds)]);

    public static ScenarioResult Session(params MetricResult[] metrics) => new("Startup", [.. metrics], Seed: 7, Pin, Warnings: []);

    /// <summary>Returns a baseline that accepts a ratio of 1 for every judged metric, and the counts of the session.</summary>
    public static Baseline Accepting(ScenarioResult session, Policy? policy = null) => Baseline.Empty(session.Scenario, Pin) with
    {
        Reason = "made up",
        Metrics = session.Metrics.Where(metric => (policy ?? Policy).RuleFor(metric.Key) is not null)
            .ToImmutableSortedDictionary(
                metric => metric.Key, metric => AcceptedRatio.OfPin(metric.Unit, metric.Worse), StringComparer.Ordinal),
        Counts = session.Metrics.Where(metric => (policy ?? Policy).For(metric.Key).IsExact)
            .ToImmutableSortedDictionary(metric => metric.Key, metric => metric.Candidate[0], StringComparer.Ordinal),
    };

    public static RunResult Run(string id, params ScenarioResult[] scenarios) => new(
        RunResult.CurrentSchema, id, new string('b', 40), Dirty: false, Machine, LoadBefore: 0.5, LoadAfter: 0.75, [.. scenarios]);

    /// <summary>Returns a random number from the standard normal distribution (Box and Muller 1958).</summary>
    public static double Normal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static string Percent(double share) => (100 * share).ToString("F2", CultureInfo.InvariantCulture);
}
