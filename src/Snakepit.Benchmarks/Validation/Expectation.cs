using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Comparison;

namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// What should come of a trial's sessions. It measures nothing and decides no session, so that a validation goes on when it changes, and judges the
/// sessions done by it as well.
/// </summary>
internal static class Expectation
{
    /// <summary>The metrics of which a fault's session must name one first; none for identical code.</summary>
    public static IReadOnlyList<string> Of(FaultKind fault) => fault switch
    {
        FaultKind.Service => ["throughput.8.cpu.workers", "throughput.8.rate"],
        FaultKind.Startup => ["startup.16.cold", "startup.16.fresh", "startup.8.cold"],
        FaultKind.Serialisation => ["throughput.8.cpu.host", "throughput.8.rate"],

        // With one call under way at a time nothing is read or written together, and every answer wakes a thread: the host's CPU per call
        // is 2.6 times as much where the rate is 0.64 of what it was (113 beside 44 µs, 8 beside 5.5 work items per call).
        FaultKind.Lock => ["throughput.8.cpu.host", "throughput.8.rate"],
        FaultKind.Tail => ["latency.windows.p99"],
        FaultKind.Allocations => ["throughput.8.allocated"],
        FaultKind.MissingWorker => ["startup.16.processes"],
        _ => [],
    };

    /// <summary>Whether a session came out as it should.</summary>
    public static bool IsRight(this Trial trial, TrialOutcome outcome) => trial.IsIdentical
        ? outcome.Outcome == GateOutcome.Passed && outcome.Missed.IsEmpty
        : outcome.Outcome == GateOutcome.Regressed && outcome.Regressed is [var first, ..]
            && Of(trial.Fault).Any(prefix => first.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Whether a session came out as it never may: every verdict but the right one, and but undecided on identical code.</summary>
    public static bool IsWrong(this Trial trial, TrialOutcome outcome) => outcome.HasVerdict && !trial.IsRight(outcome) && !trial.IsUndecided(outcome);

    /// <summary>Whether a session on identical code could not tell.</summary>
    public static bool IsUndecided(this Trial trial, TrialOutcome outcome) =>
        trial.IsIdentical && outcome.Outcome == GateOutcome.Inconclusive && outcome.Missed.IsEmpty;
}
