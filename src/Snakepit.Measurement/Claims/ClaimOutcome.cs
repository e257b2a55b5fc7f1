namespace Snakepit.Measurement.Claims;

/// <summary>Whether the rounds support a claim.</summary>
public enum ClaimOutcome
{
    /// <summary>There was a comparison but no claim.</summary>
    NotClaimed,

    /// <summary>The claim is certainly true.</summary>
    Holds,

    /// <summary>The claim is certainly false.</summary>
    Fails,

    /// <summary>The bounds allow both.</summary>
    Undecided,

    /// <summary>One of the metrics was not measured, or the two were not measured in the same rounds.</summary>
    NotMeasured,
}
