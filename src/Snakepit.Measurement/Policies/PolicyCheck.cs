using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Policies;

/// <summary>
/// Finds contradictions within a policy. The messages call each value by its property name in the policy file, such as <c>noAlarm</c>.
/// </summary>
internal static class PolicyCheck
{
    private const double MostError = 0.05;
    private const double MostSensitivity = 3;

    /// <summary>Returns what is wrong with the policy; null if nothing is wrong.</summary>
    public static string? Problem(Policy policy) => LooksProblem(policy.InterimLooks) ?? RuleProblem(policy) ?? MetricProblem(policy);

    private static string? LooksProblem(InterimLooks looks)
    {
        var rounds = looks.Rounds;
        if (rounds.IsDefaultOrEmpty || !rounds.SequenceEqual(rounds.Order().Distinct())
            || rounds[0] < 1 || rounds[^1] > SignedRankDistribution.MaxCount)
        {
            return $"its looks must ascend, from at least 1 to at most {SignedRankDistribution.MaxCount} rounds.";
        }

        if (looks.Level is not (> 0 and <= MostError))
        {
            return $"its level is the probability of a false verdict, which is above 0 and at most {MostError}; it is {looks.Level}.";
        }

        if (looks.SensitivityFactor is not (> 1 and <= MostSensitivity))
        {
            return $"its control is a change that is always noticed, from above 1 to {MostSensitivity}; it is {looks.SensitivityFactor}.";
        }

        return SignedRankDistribution.BoundRank(rounds[0], looks.LevelPerLook) == 0
            ? $"{rounds[0]} rounds, those of the first look, give no bound at a level of {looks.Level} over {rounds.Length} looks."
            : null;
    }

    private static string? RuleProblem(Policy policy)
    {
        foreach (var (name, rule) in policy.Rules)
        {
            var ascends = rule.Improvement is > 0 and < 1 && rule.Negligible >= 1 && rule.Negligible <= rule.Tolerance
                && rule.Tolerance <= rule.MustDetect && rule.MustDetect < policy.InterimLooks.SensitivityFactor;
            if (!ascends || !(rule.BetweenJobSd >= 0))
            {
                return $"the rule '{name}' must have 0 < better < 1 ≤ noAlarm ≤ edge ≤ catch < control and tau ≥ 0.";
            }
        }

        return null;
    }

    private static string? MetricProblem(Policy policy)
    {
        foreach (var (name, metric) in policy.Metrics)
        {
            if (metric is { Rule: { } rule, IsExact: false } && !policy.Rules.ContainsKey(rule))
            {
                return $"the metric '{name}' has the rule '{rule}', which does not exist. "
                    + $"There are {string.Join(", ", policy.Rules.Keys)} and {MetricPolicy.Exact}.";
            }

            var limits = new[] { metric.Must, metric.Nice }.OfType<double>();
            foreach (var limit in limits.Where(limit => limit is not (> 0 and < double.MaxValue)))
            {
                return $"the metric '{name}' has the limit {limit}, which no measurement could meet or miss.";
            }
        }

        return null;
    }
}
