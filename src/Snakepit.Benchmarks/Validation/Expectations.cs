using System.Collections.Frozen;
using Snakepit.Measurement.Comparison;

namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// The expected outcomes of the sessions of each trial. How a session is measured does not depend on its expected outcome. So a change of
/// this file leaves recorded sessions valid, and the sessions are judged again by the new expectations.
/// </summary>
internal static class Expectations
{
    // For each trial with a fault: the metrics of which one must be the first in a session's list of regressed metrics. The list begins
    // with the metric that got worst.
    private static readonly FrozenDictionary<(string Scenario, string Trial), string[]> NamedFirst =
        new Dictionary<(string, string), string[]>
        {
            [("Startup", "+25 % startup")] = ["startup.16.cold", "startup.16.fresh", "startup.8.cold"],
            [("Startup", "one worker missing")] = ["startup.16.processes"],
            [("Throughput", "+25 % service time")] = ["throughput.8.cpu.workers", "throughput.8.rate"],
            [("Throughput", "+25 % serialisation")] = ["throughput.8.cpu.host", "throughput.8.rate"],
            [("Throughput", "twice the allocations")] = ["throughput.8.allocated"],
            [("Latency", "1 % of calls slow")] = ["latency.windows.p99"],
            [("Scaling", "+25 % service time with 100 callers")] = ["scaling.100.rate"],
            [("Scaling", "one lock around all calls")] = ["scaling.10.rate", "scaling.50.rate", "scaling.100.rate"],
            [("Recovery", "+25 % replacement")] = ["recovery.replaced"],
            [("Memory", "100 bytes of each call kept in .NET")] = ["memory.growth.pings.dotnet", "memory.growth.mixed.dotnet"],
            [("Memory", "100 bytes of each call kept in Python")] = ["memory.growth.pings.python", "memory.growth.mixed.python"],
        }.ToFrozenDictionary();

    /// <summary>Returns the metrics of which a session with a fault must name one first; empty for a trial with identical code.</summary>
    public static IReadOnlyList<string> Of(string scenario, Trial trial) =>
        trial.IsIdentical ? [] : NamedFirst.GetValueOrDefault((scenario, trial.Name), []);

    /// <summary>Returns true if a session had the expected outcome.</summary>
    public static bool IsRight(string scenario, Trial trial, TrialOutcome outcome) => trial.IsIdentical
        ? outcome.Outcome == GateOutcome.Passed && outcome.Missed.IsEmpty
        : outcome.Outcome == GateOutcome.Regressed && outcome.Regressed is [var first, ..]
            && Of(scenario, trial).Any(metric => first.StartsWith(metric, StringComparison.Ordinal));

    /// <summary>Returns true if a session with identical code on both sides was inconclusive.</summary>
    public static bool IsUndecided(Trial trial, TrialOutcome outcome) =>
        trial.IsIdentical && outcome.Outcome == GateOutcome.Inconclusive && outcome.Missed.IsEmpty;

    /// <summary>Returns true if a session has a verdict that contradicts the expectation.</summary>
    public static bool IsWrong(string scenario, Trial trial, TrialOutcome outcome) =>
        outcome.HasVerdict && !IsRight(scenario, trial, outcome) && !IsUndecided(trial, outcome);
}
