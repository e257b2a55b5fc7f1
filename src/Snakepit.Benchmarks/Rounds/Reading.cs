using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>A metric that a scenario records, without the way in which its value is computed.</summary>
/// <param name="Metric">The name, the unit, the direction and the description of the metric.</param>
internal record Reading(Metric Metric)
{
    /// <summary>The name of the metric.</summary>
    public string Key => Metric.Key;

    /// <summary>
    /// The likely cause of a regression that this metric points at, in a few words. Reports show metrics with the same cause together. Null
    /// if the metric points at no cause.
    /// </summary>
    public string? Cause { get; init; }

    /// <summary>
    /// True if the metric is recorded only for the candidate. It is then shown as information and not compared with the pin.
    /// </summary>
    public bool IsCandidateOnly { get; init; }
}

/// <summary>A metric that a scenario records, and the function that computes its value in a round from what slots measured.</summary>
/// <typeparam name="T">The type of what slots measured on one side in one round, such as a list of replies.</typeparam>
/// <param name="Key">The name of the metric, such as <c>startup.16.cold</c>.</param>
/// <param name="Unit">The unit of the metric.</param>
/// <param name="Worse">The direction in which the metric gets worse: higher or lower.</param>
/// <param name="Description">A description of the metric in a few words.</param>
/// <param name="Read">Computes the value of the metric from what was measured.</param>
internal sealed record Reading<T>(string Key, string Unit, Worse Worse, string Description, Func<T, double> Read)
    : Reading(new Metric(Key, Unit, Worse, Description));
