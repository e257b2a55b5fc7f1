namespace Snakepit.Measurement.Comparison;

/// <summary>
/// The outcome of a measurement session at the performance gate, which is the check that code has not become slower. The outcomes are
/// ordered from best to worst. If several apply, the worst of them is the outcome.
/// </summary>
public enum GateOutcome
{
    /// <summary>None of the other outcomes applies.</summary>
    Passed,

    /// <summary>The rounds of a metric do not suffice for a verdict.</summary>
    Inconclusive,

    /// <summary>
    /// A metric has nothing to be compared with, because the pinned commit was not measured or cannot measure the metric.
    /// </summary>
    NotComparable,

    /// <summary>A metric has regressed, or a count has changed.</summary>
    Regressed,

    /// <summary>The measurement itself cannot be trusted.</summary>
    Broken,
}
