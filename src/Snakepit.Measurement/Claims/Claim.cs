namespace Snakepit.Measurement.Claims;

/// <summary>
/// A claim of a study about one metric: that it is so many times better than another metric of the same rounds, or that it is within a
/// limit. A claim without a factor only puts two metrics side by side.
/// </summary>
/// <param name="What">What is compared, in a few words.</param>
/// <param name="Metric">The metric that the claim is about.</param>
public sealed record Claim(string What, string Metric)
{
    /// <summary>The metric that it is compared with; null if it is compared with <see cref="Limit"/>.</summary>
    public string? Other { get; init; }

    /// <summary>The limit that it is compared with, in the unit of the metric; null if it is compared with <see cref="Other"/>.</summary>
    public double? Limit { get; init; }

    /// <summary>The claimed factor: at least so many times better. Null if nothing is claimed.</summary>
    public double? AtLeast { get; init; }

    /// <summary>Compares a metric with another one, and claims that it is at least so many times better, if a factor is given.</summary>
    public static Claim Beside(string what, string metric, string other, double? atLeast = null) =>
        new(what, metric) { Other = other, AtLeast = atLeast };

    /// <summary>Claims that a metric is within a limit.</summary>
    public static Claim Within(string what, string metric, double limit) => new(what, metric) { Limit = limit, AtLeast = 1 };
}
