using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>A metric of a scenario.</summary>
/// <param name="Metric">Its name, unit, direction and description.</param>
internal record Reading(Metric Metric)
{
    /// <summary>The metric's name.</summary>
    public string Key => Metric.Key;

    /// <summary>
    /// What this metric points at if the scenario got worse, in a few words; metrics with the same cause are shown together. Null if it
    /// points at nothing.
    /// </summary>
    public string? Cause { get; init; }

    /// <summary>True if the metric is recorded for the candidate only, as information: no pin stands beside it.</summary>
    public bool IsCandidateOnly { get; init; }
}

/// <summary>A metric of a scenario, and how its value of a round is read from what slots measured.</summary>
/// <typeparam name="T">What slots measured on one side in one round, such as a list of replies.</typeparam>
/// <param name="Key">The metric's name, such as <c>startup.16.cold</c>.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Worse">The direction in which it gets worse.</param>
/// <param name="Description">What it is, in a few words.</param>
/// <param name="Read">Reads the value.</param>
internal sealed record Reading<T>(string Key, string Unit, Worse Worse, string Description, Func<T, double> Read)
    : Reading(new Metric(Key, Unit, Worse, Description));
