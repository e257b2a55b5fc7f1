namespace Snakepit.Benchmarks.Validation.Trials;

/// <summary>The trials of all scenarios; those of a new scenario are added here.</summary>
internal static class AllTrials
{
    /// <summary>In the order in which they are done.</summary>
    public static IReadOnlyList<ScenarioTrials> All { get; } =
        [StartupTrials.Trials, ThroughputTrials.Trials, LatencyTrials.Trials, ScalingTrials.Trials, RecoveryTrials.Trials];
}
