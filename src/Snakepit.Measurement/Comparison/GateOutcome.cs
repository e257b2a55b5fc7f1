namespace Snakepit.Measurement.Comparison;

/// <summary>What a session amounts to; the gravest that applies.</summary>
public enum GateOutcome
{
    /// <summary>Nothing stands against it.</summary>
    Passed,

    /// <summary>Some metric could not be decided.</summary>
    Inconclusive,

    /// <summary>There is no pinned revision to compare with.</summary>
    NotComparable,

    /// <summary>Something regressed.</summary>
    Regressed,

    /// <summary>The measurement itself cannot be trusted.</summary>
    Broken,
}
