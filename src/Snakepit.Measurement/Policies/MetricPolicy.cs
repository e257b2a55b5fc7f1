using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Policies;

/// <summary>
/// The rule and the limits by which one metric is judged. Limits are in the unit of the metric. A value that equals a limit misses it.
/// </summary>
/// <param name="Rule">
/// The name of the rule that judges changes of the metric's ratio; <see cref="Exact"/> for a count that may not change; null if changes are
/// not judged.
/// </param>
/// <param name="Must">A limit that the metric must meet, or else the test fails; null if there is none.</param>
/// <param name="Nice">A limit that would be nice to meet; a miss is only reported. Null if there is none.</param>
/// <param name="Full">True if the metric is measured only in full runs, because it takes too long for every pull request.</param>
public sealed record MetricPolicy(string? Rule = null, double? Must = null, double? Nice = null, bool Full = false)
{
    /// <summary>The name of the rule for counts: every difference from the accepted count fails the test.</summary>
    public const string Exact = "exact";

    /// <summary>The policy for a metric that is reported and not judged.</summary>
    public static MetricPolicy Information { get; } = new();

    /// <summary>Returns true if the metric is a count that may not change.</summary>
    [JsonIgnore]
    public bool IsExact => Rule == Exact;
}
