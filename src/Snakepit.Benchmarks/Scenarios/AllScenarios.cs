using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>The scenarios that can be run; a new one is added here.</summary>
internal static class AllScenarios
{
    /// <summary>Every scenario, in the order in which they are run and listed.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
        [new StartupScenario(), new ThroughputScenario(), new LatencyScenario(), new ScalingScenario(), new RecoveryScenario()];
}
