namespace Snakepit.Benchmarks.Validation.Trials;

/// <summary>The list of the trials of all scenarios. The trials of a new scenario are added here.</summary>
internal static class AllTrials
{
    /// <summary>The trials of all scenarios, in the order in which they are run.</summary>
    public static IReadOnlyList<ScenarioTrials> All { get; } =
    [
        StartupTrials.Trials, ThroughputTrials.Trials, LatencyTrials.Trials, ScalingTrials.Trials,
        RecoveryTrials.Trials, StreamsTrials.Trials, SessionsTrials.Trials, HostCallsTrials.Trials,
        DirectTrials.Trials, PayloadsTrials.Trials, ModelsTrials.Trials, IdleTrials.Trials,
        MemoryTrials.Trials, CleanUpTrials.Trials, ErrorsTrials.Trials, RestartsTrials.Trials,
    ];
}
