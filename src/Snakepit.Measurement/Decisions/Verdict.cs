namespace Snakepit.Measurement.Decisions;

/// <summary>The conclusion from the rounds of a metric: how its measured ratio compares with its accepted ratio.</summary>
public enum Verdict
{
    /// <summary>The measurements rule out a regression as large as the smallest one that the gate must detect.</summary>
    Unchanged,

    /// <summary>The metric is certainly better than accepted.</summary>
    Improved,

    /// <summary>The metric is certainly worse than accepted, and is estimated to be worse by at least the tolerance.</summary>
    Regressed,

    /// <summary>The rounds vary too much for any other verdict.</summary>
    Inconclusive,
}
