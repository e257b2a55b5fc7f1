using System.Collections.Immutable;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Validation;

/// <summary>A kind of session that the gate is validated by: what is measured. What should come of it is <see cref="Expectation"/>.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Sessions">How many sessions.</param>
/// <param name="Fault">What is wrong with the candidate.</param>
/// <param name="Share">The fault's size, as a share of what it adds to.</param>
/// <param name="IsLoaded">Whether a busy loop takes half of a core meanwhile.</param>
/// <param name="Scenarios">What is measured; empty for everything.</param>
internal sealed record Trial(string Name, int Sessions, FaultKind Fault, double Share, bool IsLoaded, ImmutableArray<string> Scenarios)
{
    /// <summary>Identical code, quiet and loaded; then one fault after another.</summary>
    public static IReadOnlyList<Trial> All { get; } =
    [
        new("identical code", 7, FaultKind.None, 0, IsLoaded: false, []),
        new("identical code, a core half busy", 3, FaultKind.None, 0, IsLoaded: true, []),
        new("+25 % service time", 5, FaultKind.Service, 0.25, IsLoaded: false, ["Throughput"]),
        new("+25 % startup", 5, FaultKind.Startup, 0.25, IsLoaded: false, ["Startup"]),
        new("+25 % serialisation", 5, FaultKind.Serialisation, 0.25, IsLoaded: false, ["Throughput"]),
        new("one lock around all calls", 1, FaultKind.Lock, 0, IsLoaded: false, ["Throughput"]),
        new("1 % of calls slow", 1, FaultKind.Tail, 0, IsLoaded: false, ["Latency"]),
        new("twice the allocations", 1, FaultKind.Allocations, 1, IsLoaded: false, ["Throughput"]),
        new("one worker missing", 1, FaultKind.MissingWorker, 0, IsLoaded: false, ["Startup"]),
    ];

    /// <summary>True if the gate should stay silent.</summary>
    public bool IsIdentical => Fault == FaultKind.None;
}

/// <summary>What calls and starts cost on this machine: what the faults are shares of.</summary>
/// <param name="CallUs">CPU of a call on both sides, microseconds; while all processors are busy, its time.</param>
/// <param name="CallBytes">Bytes allocated by a call.</param>
/// <param name="StartMs">The best cold start of 16 workers, milliseconds.</param>
internal sealed record Calibration(double CallUs, double CallBytes, double StartMs)
{
    // Far above what 1 in 100 calls takes otherwise.
    private const double SlowCallMs = 30;

    /// <summary>The fault of a trial in its unit.</summary>
    public Fault FaultOf(Trial trial) => new(trial.Fault, trial.Fault switch
    {
        FaultKind.Service or FaultKind.Serialisation => trial.Share * CallUs,
        FaultKind.Startup => trial.Share * StartMs,
        FaultKind.Allocations => trial.Share * CallBytes,
        FaultKind.Tail => SlowCallMs,
        _ => 0,
    });
}
