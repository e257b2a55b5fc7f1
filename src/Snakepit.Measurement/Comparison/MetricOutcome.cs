namespace Snakepit.Measurement.Comparison;

/// <summary>The outcome of one metric.</summary>
public enum MetricOutcome
{
    /// <summary>The metric is reported and not judged.</summary>
    Informative,

    /// <summary>Its count is the accepted one, or a regression of the size that must be detected is ruled out.</summary>
    Unchanged,

    /// <summary>As <see cref="Unchanged"/>, but the estimated change is large enough to draw attention to it.</summary>
    Drifting,

    /// <summary>Certainly better than accepted.</summary>
    Improved,

    /// <summary>The first session found a regression, and the second one did not confirm it.</summary>
    NotConfirmed,

    /// <summary>A regression, which a second session has confirmed or has still to confirm.</summary>
    Regressed,

    /// <summary>A count differs from the accepted one.</summary>
    CountChanged,

    /// <summary>The last interim look did not decide, or the time was up before it.</summary>
    Inconclusive,

    /// <summary>No ratio or count has been accepted yet.</summary>
    New,

    /// <summary>The pinned revision was not measured, or cannot measure this metric, so there is no ratio.</summary>
    NotComparable,

    /// <summary>The values cannot be judged: rounds or a side are missing, or the metric is not the one that was accepted.</summary>
    Broken,
}
