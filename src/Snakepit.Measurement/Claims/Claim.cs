namespace Snakepit.Measurement.Claims;

/// <summary>
/// What is said of a metric: that it is so many times better than another one of the same rounds, or within a limit. Or nothing, and the two are
/// only put side by side.
/// </summary>
/// <param name="What">What is compared, in a few words.</param>
/// <param name="Metric">The metric that it is about.</param>
public sealed record Claim(string What, string Metric)
{
    /// <summary>The metric that it is compared with, measured in the same rounds; null if it is held against <see cref="Limit"/>.</summary>
    public string? Other { get; init; }

    /// <summary>What it is held against, in the metric's unit; null if there is <see cref="Other"/>.</summary>
    public double? Limit { get; init; }

    /// <summary>How many times better it is at least; null if nothing is claimed.</summary>
    public double? AtLeast { get; init; }

    /// <summary>A metric beside another one, of which it is claimed to be so many times better, or nothing.</summary>
    public static Claim Beside(string what, string metric, string other, double? atLeast = null) =>
        new(what, metric) { Other = other, AtLeast = atLeast };

    /// <summary>A metric that is claimed to be within a limit.</summary>
    public static Claim Within(string what, string metric, double limit) => new(what, metric) { Limit = limit, AtLeast = 1 };
}
