namespace Snakepit.Measurement.Comparison;

/// <summary>The outcome for one metric of a measurement session.</summary>
public enum MetricOutcome
{
    /// <summary>The metric is reported and not judged.</summary>
    Informative,

    /// <summary>The count equals the accepted one, or a regression of the size that must be detected is ruled out.</summary>
    Unchanged,

    /// <summary>
    /// The metric is unchanged, as with <see cref="Unchanged"/>, but the estimated change is large enough to draw attention to it.
    /// </summary>
    Drifting,

    /// <summary>The metric is certainly better than accepted.</summary>
    Improved,

    /// <summary>The first session found a regression, and the second one did not confirm it.</summary>
    NotConfirmed,

    /// <summary>The metric has regressed, and a second session has confirmed the regression or has still to confirm it.</summary>
    Regressed,

    /// <summary>A count differs from the accepted one.</summary>
    CountChanged,

    /// <summary>There is no verdict after the last interim look, or the time was up before it.</summary>
    Inconclusive,

    /// <summary>No ratio or count has been accepted yet.</summary>
    New,

    /// <summary>The pinned commit was not measured, or cannot measure this metric, so there is no ratio.</summary>
    NotComparable,

    /// <summary>
    /// The values cannot be judged, for example because rounds or a side are missing, or because the accepted metric has another unit.
    /// </summary>
    Broken,
}
