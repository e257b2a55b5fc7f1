using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Policies;

/// <summary>How one metric is judged. Limits are in the unit of the metric; a value equal to a limit misses it.</summary>
/// <param name="Rule">
/// The name of the rule for the change of its ratio; <see cref="Exact"/> for a count that may not change; null if changes are not judged.
/// </param>
/// <param name="Must">A limit that must be met: the test fails otherwise. Null for none.</param>
/// <param name="Nice">A limit that would be nice to meet; it is only reported. Null for none.</param>
public sealed record MetricPolicy(string? Rule = null, double? Must = null, double? Nice = null)
{
    /// <summary>The rule of a count: every difference from the accepted count fails the test.</summary>
    public const string Exact = "exact";

    /// <summary>The policy of a metric that is reported and not judged.</summary>
    public static MetricPolicy Information { get; } = new();

    /// <summary>True for a count.</summary>
    [JsonIgnore]
    public bool IsExact => Rule == Exact;
}
