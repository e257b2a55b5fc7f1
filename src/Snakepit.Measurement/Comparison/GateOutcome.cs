namespace Snakepit.Measurement.Comparison;

/// <summary>The outcome of a session, from best to worst. Of all that applies, the worst is the outcome.</summary>
public enum GateOutcome
{
    /// <summary>No metric prevents a pass.</summary>
    Passed,

    /// <summary>A metric could not be decided.</summary>
    Inconclusive,

    /// <summary>No pinned revision was measured, so there is nothing to compare with.</summary>
    NotComparable,

    /// <summary>A metric has regressed.</summary>
    Regressed,

    /// <summary>The measurement itself cannot be trusted.</summary>
    Broken,
}
