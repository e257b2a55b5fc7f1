namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// A trial checks the gate with a case whose correct verdict is known. It consists of several measurement sessions of a scenario, with the
/// same code on both sides. If the candidate has an injected fault, each session must find a regression; without a fault it must find none.
/// </summary>
/// <param name="Name">A few words that describe the trial. No other trial of the scenario has the same name.</param>
/// <param name="Sessions">The number of sessions.</param>
internal sealed record Trial(string Name, int Sessions)
{
    /// <summary>The kind of fault that is injected into the candidate. Default: null, for no fault.</summary>
    public string? Fault { get; init; }

    /// <summary>How large the fault is. Default: null, for a fault that has no size.</summary>
    public FaultSize? Size { get; init; }

    /// <summary>If true, a thread keeps a processor half busy during the sessions (<see cref="BusyCore"/>). Default: false.</summary>
    public bool IsLoaded { get; init; }

    /// <summary>Is true if the candidate has no fault, so that both sides are identical.</summary>
    public bool IsIdentical => Fault is null;
}
