using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Comparison;

/// <summary>How a metric stands against a stored number. Advisory: on a noisy machine, stored numbers raise false alarms.</summary>
public enum DriftLevel
{
    /// <summary>There is no stored number for this machine.</summary>
    New,

    /// <summary>Within the tolerance.</summary>
    Within,

    /// <summary>Better by more than the tolerance.</summary>
    Better,

    /// <summary>Worse by more than the tolerance.</summary>
    Worse,

    /// <summary>Worse by so much that it calls for an investigation before a merge.</summary>
    Stop,
}

/// <summary>A metric against a stored number.</summary>
/// <param name="Level">What it amounts to.</param>
/// <param name="Worsening">By which share it is worse; negative if better; null without a stored number.</param>
public sealed record Drift(DriftLevel Level, double? Worsening)
{
    /// <summary>Compares medians.</summary>
    /// <param name="metric">What was measured.</param>
    /// <param name="now">The median now.</param>
    /// <param name="stored">The stored median; null if there is none.</param>
    /// <param name="policy">The tolerance and the stop threshold.</param>
    public static Drift Of(Metric metric, double now, double? stored, Policy policy)
    {
        if (stored is not { } then)
        {
            return new Drift(DriftLevel.New, null);
        }

        var worsening = metric.Worsening(now, then);
        var level = worsening > policy.Stop ? DriftLevel.Stop
            : worsening > policy.Tolerance ? DriftLevel.Worse
            : worsening < -policy.Tolerance ? DriftLevel.Better
            : DriftLevel.Within;
        return new Drift(level, worsening);
    }
}
