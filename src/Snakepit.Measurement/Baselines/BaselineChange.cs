using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Baselines;

/// <summary>What differs between two baselines of a metric.</summary>
/// <param name="Key">The metric.</param>
/// <param name="IsCount">Whether it is a count, rather than a ratio.</param>
/// <param name="Before">What was accepted; null if nothing was.</param>
/// <param name="Now">What is; null if nothing is any more.</param>
public sealed record BaselineChange(string Key, bool IsCount, double? Before, double? Now)
{
    /// <summary>The change in a few words.</summary>
    public override string ToString() =>
        Now is { } now ? $"{Key} {(Before is { } before ? Figure.Of(before) : "new")} → {Figure.Of(now)}" : $"{Key} removed";
}
