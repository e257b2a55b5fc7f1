using System.Collections.Immutable;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Files;

namespace Snakepit.Measurement.Policies;

/// <summary>What measurements are judged by: <c>baselines/policy.json</c>.</summary>
/// <param name="Schema">The version of the format.</param>
/// <param name="Looks">When rounds are looked at, and the risk of an error.</param>
/// <param name="Rules">How ratios become verdicts, by name.</param>
/// <param name="Metrics">What is asked of each metric; one that is not named here is information.</param>
public sealed record Policy(
    int Schema, Looks Looks, ImmutableSortedDictionary<string, RatioRule> Rules, ImmutableSortedDictionary<string, MetricPolicy> Metrics)
{
    /// <summary>The format that this version reads.</summary>
    public const int CurrentSchema = 2;

    /// <summary>Reads the policy.</summary>
    /// <exception cref="UnreadableFileException">The file is missing, damaged, of another schema or contradicts itself.</exception>
    public static Policy Load(string path) => Parse(JsonFile.Text(path), path);

    /// <summary>Reads the policy from a text.</summary>
    /// <param name="text">The content.</param>
    /// <param name="path">Where it comes from, for messages.</param>
    /// <exception cref="UnreadableFileException">It is damaged, of another schema or contradicts itself.</exception>
    public static Policy Parse(string text, string path)
    {
        JsonFile.RequireSchema(text, path, CurrentSchema);
        var policy = JsonFile.Parse<Policy>(text, path);
        if (policy.Problem() is { } problem)
        {
            throw new UnreadableFileException(path, $"{problem} Restore it from version control.");
        }

        return policy;
    }

    /// <summary>What is asked of a metric.</summary>
    public MetricPolicy Of(string metric) => Metrics.GetValueOrDefault(metric, MetricPolicy.Information);

    /// <summary>The rule of a metric whose ratio is judged; null for the others.</summary>
    public RatioRule? RuleOf(string metric) => Of(metric) is { Rule: { } rule, IsExact: false } ? Rules[rule] : null;

    /// <summary>This policy with what another one says of metrics that this one does not name.</summary>
    public Policy Completed(Policy other) => this with { Metrics = other.Metrics.SetItems(Metrics), Rules = other.Rules.SetItems(Rules) };

    private string? Problem()
    {
        if (Looks.Rounds.IsDefaultOrEmpty || !Looks.Rounds.SequenceEqual(Looks.Rounds.Order().Distinct()) || Looks.Rounds[0] < 1
            || Looks.Rounds[^1] > Statistics.SignedRankDistribution.Most)
        {
            return $"its looks must ascend from 1 to at most {Statistics.SignedRankDistribution.Most} rounds.";
        }

        if (Looks.Level is not (> 0 and < 0.5) || Statistics.SignedRankDistribution.BoundRank(Looks.Rounds[0], Looks.LevelOfOne) == 0)
        {
            return $"{Looks.Rounds[0]} rounds give no bound at a level of {Looks.Level} over {Looks.Rounds.Length} looks.";
        }

        foreach (var (name, rule) in Rules)
        {
            if (!(rule.Better is > 0 and < 1 && 1 <= rule.NoAlarm && rule.NoAlarm <= rule.Edge && rule.Edge <= rule.Catch && rule.Catch < Looks.Control && rule.Tau >= 0))
            {
                return $"the rule '{name}' must have 0 < better < 1 ≤ noAlarm ≤ edge ≤ catch < control and tau ≥ 0.";
            }
        }

        foreach (var (name, metric) in Metrics)
        {
            if (metric is { Rule: { } rule, IsExact: false } && !Rules.ContainsKey(rule))
            {
                return $"the metric '{name}' has the rule '{rule}', and there are {string.Join(", ", Rules.Keys)} and {MetricPolicy.Exact}.";
            }
        }

        return null;
    }
}
