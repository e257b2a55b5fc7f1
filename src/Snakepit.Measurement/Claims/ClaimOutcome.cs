namespace Snakepit.Measurement.Claims;

/// <summary>What became of a claim.</summary>
public enum ClaimOutcome
{
    /// <summary>Nothing was claimed.</summary>
    Told,

    /// <summary>It is certainly so.</summary>
    Holds,

    /// <summary>It is certainly not so.</summary>
    Fails,

    /// <summary>The bounds allow both.</summary>
    Undecided,

    /// <summary>One of its metrics was not measured, or not in the same rounds.</summary>
    NotMeasured,
}
