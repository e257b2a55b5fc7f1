using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>Lists the scenarios that can be run. A new scenario must be added here.</summary>
internal static class AllScenarios
{
    /// <summary>All scenarios, in the order in which they are run and listed.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new StartupScenario(), new ThroughputScenario(), new LatencyScenario(), new ScalingScenario(), new RecoveryScenario(),
        new StreamsScenario(), new SessionsScenario(), new HostCallsScenario(), new DirectScenario(), new PayloadsScenario(),
        new ModelsScenario(), new IdleScenario(), new MemoryScenario(), new CleanUpScenario(), new ErrorsScenario(),
        new RestartsScenario(),
    ];
}
