namespace Snakepit.Measurement.Decisions;

/// <summary>What can be said of a metric against its accepted ratio.</summary>
public enum Verdict
{
    /// <summary>Not worse by as much as must be caught.</summary>
    Unchanged,

    /// <summary>Certainly better; the baseline can be moved so that it stays so.</summary>
    Improved,

    /// <summary>Certainly worse, and by more than the tolerance.</summary>
    Regressed,

    /// <summary>The rounds differ too much among themselves to tell.</summary>
    Inconclusive,
}
