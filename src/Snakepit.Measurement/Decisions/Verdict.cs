namespace Snakepit.Measurement.Decisions;

/// <summary>What the rounds say about a metric, compared with its accepted ratio.</summary>
public enum Verdict
{
    /// <summary>A regression of the size that must be detected is ruled out.</summary>
    Unchanged,

    /// <summary>Certainly better than accepted.</summary>
    Improved,

    /// <summary>Certainly worse than accepted, and by at least the tolerance.</summary>
    Regressed,

    /// <summary>The rounds vary too much for any other verdict.</summary>
    Inconclusive,
}
