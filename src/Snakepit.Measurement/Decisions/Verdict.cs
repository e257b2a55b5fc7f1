namespace Snakepit.Measurement.Decisions;

/// <summary>The conclusion from the rounds of a metric: how its measured ratio compares with its accepted ratio.</summary>
public enum Verdict
{
    /// <summary>A regression of the size that must be detected is ruled out.</summary>
    Unchanged,

    /// <summary>The metric is certainly better than accepted.</summary>
    Improved,

    /// <summary>The metric is certainly worse than accepted, and is estimated to be worse by at least the tolerance.</summary>
    Regressed,

    /// <summary>The rounds vary too much for any other verdict.</summary>
    Inconclusive,
}
