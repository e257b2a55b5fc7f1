namespace Snakepit.Measurement.Samples;

/// <summary>The direction in which a metric gets worse.</summary>
public enum Worse
{
    /// <summary>Larger values are worse, as with times and memory.</summary>
    Higher,

    /// <summary>Smaller values are worse, as with rates.</summary>
    Lower,
}

/// <summary>
/// A quantity that the performance suite measures once in every round. A round is one repetition of a measurement: of the code under test
/// (the candidate) and, if there is one, of the fixed commit that the candidate is compared with (the pin).
/// </summary>
/// <param name="Key">The name of the metric, such as <c>startup.16.cold</c>.</param>
/// <param name="Unit">The unit of the values, such as <c>ms</c> or <c>calls/s</c>.</param>
/// <param name="Worse">The direction in which the metric gets worse.</param>
/// <param name="Description">A description of a few words, for reports.</param>
public sealed record Metric(string Key, string Unit, Worse Worse, string Description)
{
    /// <summary>
    /// Returns true if <paramref name="value"/> misses <paramref name="limit"/>: it is worse than the limit, or equal to it.
    /// </summary>
    public bool IsBeyond(double value, double limit) => Worse == Worse.Higher ? value >= limit : value <= limit;
}
