namespace Snakepit.Measurement.Samples;

/// <summary>The direction in which a metric gets worse.</summary>
public enum Worse
{
    /// <summary>Larger is worse, as with times and memory.</summary>
    Higher,

    /// <summary>Smaller is worse, as with rates.</summary>
    Lower,
}

/// <summary>A quantity that is measured once per round.</summary>
/// <param name="Key">Its name, such as <c>startup.16.cold</c>.</param>
/// <param name="Unit">Its unit, such as <c>ms</c> or <c>calls/s</c>.</param>
/// <param name="Worse">The direction in which it gets worse.</param>
/// <param name="Description">What it is, in a few words.</param>
public sealed record Metric(string Key, string Unit, Worse Worse, string Description)
{
    /// <summary>True if <paramref name="value"/> misses <paramref name="limit"/>. A value equal to the limit misses it too.</summary>
    public bool IsBeyond(double value, double limit) => Worse == Worse.Higher ? value >= limit : value <= limit;
}
