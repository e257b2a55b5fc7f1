using System.Collections.Frozen;
using Snakepit.Measurement.Comparison;

namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// The expected outcomes of the sessions of each trial. How a session is measured does not depend on its expected outcome. So a change of
/// this file leaves recorded sessions valid, and the sessions are judged again by the new expectations.
/// </summary>
internal static class Expectations
{
    // For each trial with a fault: the metrics of which one must be the first that a session names. That is the metric that got worst, or,
    // if none has regressed, one that missed a target which must hold.
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
            [("Streams", "slow chunks")] = ["streams.10.rate"],
            [("Streams", "streams begin late")] = ["streams.first_chunk_to_ping"],
            [("Sessions", "slow look-up of sessions")] = ["sessions.prefer.rate"],
            [("Sessions", "calls wait for the session")] = ["sessions.prefer.rate"],
            [("HostCalls", "slow frames of calls to .NET")] = ["hostcalls.rate"],
            [("HostCalls", "calls to .NET wait")] = ["hostcalls.rate", "hostcalls.nested.4.p50"],
            [("Direct", "slow frames")] = ["direct.8.rate"],
            [("Direct", "frames in pieces")] = ["direct.8.rate"],
            [("Payloads", "JSON parsed several times")] = ["payloads.numbers_100k.p50"],
            [("Payloads", "arrays looked through")] = ["payloads.array_100k.speedup", "payloads.direct.array_1m.p50"],
            [("Payloads", "arrays in frames")] = ["payloads.array_1m.allocated", "payloads.array_1m.allocated.python"],
            [("Models", "slow vectors")] = ["models.embed.rate", "models.embed.cpu", "models.predict.64.rate", "models.predict.8.p50"],
            [("Models", "worse training")] = ["models.predict.right"],
            [("Idle", "the template polls")] = ["idle.grpc.8.wakeups"],
            [("Idle", "workers poll")] = ["idle.grpc.8.wakeups"],
            [("Memory", "100 bytes of each call kept in .NET")] = ["memory.growth.pings.dotnet", "memory.growth.mixed.dotnet"],
            [("Memory", "100 bytes of each call kept in Python")] = ["memory.growth.pings.python", "memory.growth.mixed.python"],
            [("CleanUp", "the template ends late")] = ["cleanup.host_kill"],
            [("CleanUp", "sockets are removed late")] = ["cleanup.host_kill"],
            [("Errors", "slow refusals")] = ["errors.refused_to_ping"],
            [("Errors", "reasons take long")] = ["errors.refused_to_ping"],
            [("Restarts", "ends are reported late")] = ["restarts.1.replaced", "restarts.16.replaced", "restarts.next_call"],
            [("Restarts", "calls wait after a loss")] = ["restarts.1.replaced", "restarts.16.replaced", "restarts.next_call"],
        }.ToFrozenDictionary();

    /// <summary>Returns the metrics of which a session with a fault must name one first; empty for a trial with identical code.</summary>
    public static IReadOnlyList<string> Of(string scenario, Trial trial) =>
        trial.IsIdentical ? [] : NamedFirst.GetValueOrDefault((scenario, trial.Name), []);

    /// <summary>
    /// Returns true if a session had the expected outcome. With a fault, it must be red: a metric has regressed, or a target is missed.
    /// </summary>
    public static bool IsRight(string scenario, Trial trial, TrialOutcome outcome) => trial.IsIdentical
        ? outcome.Outcome == GateOutcome.Passed && outcome.Missed.IsEmpty
        : (outcome.Outcome == GateOutcome.Regressed || (outcome.HasVerdict && !outcome.Missed.IsEmpty))
            && Of(scenario, trial).Any(metric => outcome.NamedFirst?.StartsWith(metric, StringComparison.Ordinal) == true);

    /// <summary>Returns true if a session with identical code on both sides was inconclusive.</summary>
    public static bool IsUndecided(Trial trial, TrialOutcome outcome) =>
        trial.IsIdentical && outcome.Outcome == GateOutcome.Inconclusive && outcome.Missed.IsEmpty;

    /// <summary>Returns true if a session has a verdict that contradicts the expectation.</summary>
    public static bool IsWrong(string scenario, Trial trial, TrialOutcome outcome) =>
        outcome.HasVerdict && !IsRight(scenario, trial, outcome) && !IsUndecided(trial, outcome);
}
