using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Baselines;

/// <summary>The difference between two baselines in one metric.</summary>
/// <param name="Key">The name of the metric.</param>
/// <param name="IsCount">Whether the metric is a count. False for a ratio, and for a metric that was removed.</param>
/// <param name="Before">The value that was accepted before; null if the metric had none.</param>
/// <param name="Now">The value that is accepted now; null if the metric was removed.</param>
public sealed record BaselineChange(string Key, bool IsCount, double? Before, double? Now)
{
    /// <summary>Describes the change in a few words: the name of the metric, the earlier value and the new value.</summary>
    public override string ToString() => Now is { } now
        ? $"{Key} {(Before is { } before ? ShortNumber.Format(before) : "new")} → {ShortNumber.Format(now)}"
        : $"{Key} removed";

    /// <summary>Returns all differences: changed and new ratios, changed and new counts, and removed metrics.</summary>
    internal static IEnumerable<BaselineChange> Between(Baseline? before, Baseline now)
    {
        var ratios = now.Metrics.Select(entry => new BaselineChange(
            entry.Key, IsCount: false, before?.Metrics.GetValueOrDefault(entry.Key)?.Ratio, entry.Value.Ratio));
        var counts = now.Counts.Select(entry => new BaselineChange(entry.Key, IsCount: true, before?.CountOf(entry.Key), entry.Value));
        var removed = (before?.Keys ?? []).Except(now.Keys).Select(key => new BaselineChange(key, IsCount: false, Before: null, Now: null));
        return ratios.Concat(counts).Where(change => change.Before != change.Now).Concat(removed);
    }
}
