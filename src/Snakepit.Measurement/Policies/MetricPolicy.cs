using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Policies;

/// <summary>What is asked of one metric. A limit is in the metric's unit; on it or beyond is a miss.</summary>
/// <param name="Rule">The rule that its ratio to the accepted one is judged by; <see cref="Exact"/> for a count; null for none.</param>
/// <param name="Must">The limit that must not be missed.</param>
/// <param name="Nice">The limit that is nice to have.</param>
public sealed record MetricPolicy(string? Rule = null, double? Must = null, double? Nice = null)
{
    /// <summary>The rule of a count: any difference from the accepted one is a failure.</summary>
    public const string Exact = "exact";

    /// <summary>Nothing is asked.</summary>
    public static MetricPolicy Information { get; } = new();

    /// <summary>True for a count.</summary>
    [JsonIgnore]
    public bool IsExact => Rule == Exact;
}
