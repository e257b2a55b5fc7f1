namespace Snakepit.Measurement.Samples;

/// <summary>The direction in which a metric gets worse.</summary>
public enum Worse
{
    /// <summary>More is worse, as with times and memory.</summary>
    Higher,

    /// <summary>Less is worse, as with rates.</summary>
    Lower,
}

/// <summary>Something that is measured once a round.</summary>
/// <param name="Key">Its name, such as <c>startup.16.cold</c>.</param>
/// <param name="Unit">Its unit, such as <c>ms</c> or <c>calls/s</c>.</param>
/// <param name="Worse">The direction in which it gets worse.</param>
/// <param name="Description">What it is, in a few words.</param>
public sealed record Metric(string Key, string Unit, Worse Worse, string Description)
{
    /// <summary>True if <paramref name="value"/> is on the bad side of <paramref name="limit"/>, or just on it.</summary>
    public bool IsBeyond(double value, double limit) => Worse == Worse.Higher ? value >= limit : value <= limit;
}
