using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Comparison;

/// <summary>
/// Checks that a measured metric can be judged at all. A metric that fails a check makes the session broken, so that nobody overlooks it.
/// </summary>
/// <param name="baseline">The accepted baseline; null if nothing has been accepted yet.</param>
/// <param name="looks">The numbers of rounds after which a metric may have reached its verdict.</param>
internal sealed class Validity(Baseline? baseline, InterimLooks looks)
{
    /// <summary>Returns why a metric cannot be judged; null if it can.</summary>
    public string? Problem(MetricResult metric, ScenarioResult session, MetricPolicy asked) =>
        BaselineProblem(metric, asked)
        ?? (asked is { Rule: null, Must: null } ? NumberProblem(metric) : RoundsProblem(metric, session, asked));

    /// <summary>Returns why the rounds of a metric cannot be judged; null if they can.</summary>
    public string? RoundsProblem(MetricResult metric, ScenarioResult session, MetricPolicy asked)
    {
        // A metric that reached its verdict at an interim look is measured no further, so it may have fewer rounds than the session.
        if (!looks.Rounds.Contains(metric.Candidate.Length) && MissingRounds(metric, session) is { } missing)
        {
            return missing;
        }

        if (session.Pin is not null && !metric.IsPaired && metric.WhyNotComparable is null)
        {
            return $"{metric.Key} has {metric.Candidate.Length} rounds of the candidate and {metric.Pin.Length} of the pin";
        }

        return !asked.IsExact && metric.Candidate.Concat(metric.Pin).Any(value => !(value > 0) || !double.IsFinite(value))
            ? $"{metric.Key} has a value that is not a positive number"
            : null;
    }

    private static string? NumberProblem(MetricResult metric) =>
        metric.IsFinite ? null : $"{metric.Key} has a value that is infinite or not a number";

    /// <summary>Returns a message if a metric has no rounds, or fewer rounds than the session; otherwise null.</summary>
    public static string? MissingRounds(MetricResult metric, ScenarioResult session) =>
        metric.Candidate.IsEmpty || metric.Candidate.Length != session.Rounds
            ? $"{metric.Key} has {metric.Candidate.Length} rounds, and the session {session.Rounds}"
            : null;

    /// <summary>Returns a message if the baseline contradicts the policy or the measured metric; otherwise null.</summary>
    private string? BaselineProblem(MetricResult metric, MetricPolicy asked)
    {
        var accepted = baseline?.Metrics.GetValueOrDefault(metric.Key);
        if (accepted is not null && (asked.Rule is null || asked.IsExact))
        {
            return $"{metric.Key} has an accepted ratio, and the policy does not judge it as one";
        }

        if (baseline?.CountOf(metric.Key) is not null && !asked.IsExact)
        {
            return $"{metric.Key} has an accepted count, and the policy does not judge it as one";
        }

        return accepted is not null && (accepted.Worse, accepted.Unit) != (metric.Worse, metric.Unit)
            ? $"{metric.Key} was accepted in {accepted.Unit}, {Direction(accepted.Worse)}, "
                + $"and measured in {metric.Unit}, {Direction(metric.Worse)}"
            : null;
    }

    private static string Direction(Worse worse) => worse == Worse.Higher ? "more is worse" : "less is worse";
}
