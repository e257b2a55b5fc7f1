namespace Snakepit.Measurement.Comparison;

/// <summary>What became of one metric.</summary>
public enum MetricOutcome
{
    /// <summary>Nothing is judged: information.</summary>
    Informative,

    /// <summary>Its ratio, or its count, is the accepted one as far as can be told.</summary>
    Unchanged,

    /// <summary>As <see cref="Unchanged"/>, but the estimate has moved so far that it is worth a look.</summary>
    Drifting,

    /// <summary>Certainly better than accepted.</summary>
    Improved,

    /// <summary>Found regressed, and a second session did not agree.</summary>
    NotConfirmed,

    /// <summary>Found regressed, and either confirmed by a second session or not asked for one yet.</summary>
    Regressed,

    /// <summary>A count differs from the accepted one.</summary>
    CountChanged,

    /// <summary>The last look gave no verdict, or time was up before it.</summary>
    Inconclusive,

    /// <summary>There is no accepted ratio yet.</summary>
    New,

    /// <summary>The pinned revision was not measured, so that there is no ratio.</summary>
    NotComparable,

    /// <summary>It should have been measured in every round and on both sides and was not, or is not what was accepted.</summary>
    Broken,
}
