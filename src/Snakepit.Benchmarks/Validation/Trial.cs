namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// Something that is tried several times to validate how a scenario is judged. Each time is a session of that scenario with the same code
/// on both sides. The candidate may have a fault, which the session must find; without one it must find nothing.
/// </summary>
/// <param name="Name">What is done, in a few words. No other trial of the scenario has the same name.</param>
/// <param name="Sessions">How many sessions.</param>
internal sealed record Trial(string Name, int Sessions)
{
    /// <summary>The kind of fault that the candidate has. Default: null, none.</summary>
    public string? Fault { get; init; }

    /// <summary>How large the fault is. Default: null, for a fault that has no size.</summary>
    public FaultSize? Size { get; init; }

    /// <summary>Whether another process keeps half of a processor busy meanwhile. Default: false.</summary>
    public bool IsLoaded { get; init; }

    /// <summary>True if the candidate has no fault.</summary>
    public bool IsIdentical => Fault is null;
}
