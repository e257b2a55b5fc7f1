namespace Snakepit.Measurement.Claims;

/// <summary>
/// A claim of a study about one metric. A study compares several ways of doing the same thing in one run, without a pin. The claim says
/// that the metric is at least a given number of times better than another metric of the same rounds, or that it is within a limit. A claim
/// without a factor only shows two metrics side by side.
/// </summary>
/// <param name="What">What is compared, in a few words.</param>
/// <param name="Metric">The metric that the claim is about.</param>
public sealed record Claim(string What, string Metric)
{
    /// <summary>The metric that the claimed one is compared with; null if it is compared with <see cref="Limit"/>.</summary>
    public string? Other { get; init; }

    /// <summary>
    /// The limit that the metric is compared with, in the unit of the metric; null if it is compared with <see cref="Other"/>.
    /// </summary>
    public double? Limit { get; init; }

    /// <summary>The claimed factor: the metric is at least this many times better. Null if nothing is claimed.</summary>
    public double? AtLeast { get; init; }

    /// <summary>
    /// Compares a metric with another one. If a factor is given, claims that the metric is at least this many times better.
    /// </summary>
    public static Claim Beside(string what, string metric, string other, double? atLeast = null) =>
        new(what, metric) { Other = other, AtLeast = atLeast };

    /// <summary>Claims that a metric is within a limit.</summary>
    public static Claim Within(string what, string metric, double limit) => new(what, metric) { Limit = limit, AtLeast = 1 };
}
