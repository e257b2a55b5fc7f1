namespace Snakepit.Measurement.Claims;

/// <summary>Whether the measured rounds support a claim.</summary>
public enum ClaimOutcome
{
    /// <summary>Two metrics were compared, but nothing was claimed.</summary>
    NotClaimed,

    /// <summary>The claim is certainly true.</summary>
    Holds,

    /// <summary>The claim is certainly false.</summary>
    Fails,

    /// <summary>The rounds do not show whether the claim is true or false.</summary>
    Undecided,

    /// <summary>One of the metrics was not measured, or the two metrics were not measured in the same rounds.</summary>
    NotMeasured,
}
