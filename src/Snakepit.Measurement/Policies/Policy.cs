using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Files;

namespace Snakepit.Measurement.Policies;

/// <summary>The rules by which metrics are judged: the content of <c>baselines/policy.json</c>.</summary>
/// <param name="Schema">The version of the file format.</param>
/// <param name="InterimLooks">The numbers of rounds after which metrics are judged, and the risk of an error.</param>
/// <param name="Rules">The thresholds for changes of a ratio, by the name of the rule.</param>
/// <param name="Metrics">
/// The rule and the limits of each metric, by the name of the metric. A metric that is not listed is reported and not judged.
/// </param>
public sealed record Policy(
    int Schema,
    [property: JsonPropertyName("looks")] InterimLooks InterimLooks,
    ImmutableSortedDictionary<string, RatioRule> Rules,
    ImmutableSortedDictionary<string, MetricPolicy> Metrics)
{
    /// <summary>The version of the format that this program reads.</summary>
    public const int CurrentSchema = 2;

    /// <summary>Reads a policy file.</summary>
    /// <exception cref="UnreadableFileException">
    /// The file is missing, damaged, has another version of the format, or contradicts itself.
    /// </exception>
    public static Policy Load(string path) => Parse(JsonFile.Read(path), path);

    /// <summary>Parses the text of a policy file.</summary>
    /// <param name="text">The content of the file.</param>
    /// <param name="path">The path of the file, for error messages.</param>
    /// <exception cref="UnreadableFileException">The text is damaged, has another version of the format, or contradicts itself.</exception>
    public static Policy Parse(string text, string path)
    {
        var policy = JsonFile.Parse<Policy>(text, path, CurrentSchema);
        return PolicyCheck.Problem(policy) is { } problem
            ? throw new UnreadableFileException(path, $"{problem} Restore it from version control.")
            : policy;
    }

    /// <summary>Returns the rule and the limits by which a metric is judged.</summary>
    public MetricPolicy For(string metric) => Metrics.GetValueOrDefault(metric, MetricPolicy.Information);

    /// <summary>Returns the thresholds for the ratio of a metric; null for a metric whose ratio is not judged.</summary>
    public RatioRule? RuleFor(string metric) => For(metric) is { Rule: { } rule, IsExact: false } ? Rules[rule] : null;

    /// <summary>Returns this policy, extended by the rules and metrics that only <paramref name="defaults"/> lists.</summary>
    public Policy WithDefaultsFrom(Policy defaults) =>
        this with { Metrics = defaults.Metrics.SetItems(Metrics), Rules = defaults.Rules.SetItems(Rules) };
}
