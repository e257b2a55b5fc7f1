using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Validation.Trials;

internal static class CleanUpTrials
{
    // More than the limit for what is left of a host that was killed.
    private const double LateMs = 600;

    public static ScenarioTrials Trials { get; } = ScenarioTrials.Of(
        new CleanUpScenario(),
        new Trial("the template ends late", 1) { Fault = nameof(LateEnd), Size = new FaultSize(LateMs) },
        new Trial("sockets are removed late", 1) { Fault = nameof(LateRemoval), Size = new FaultSize(LateMs) });
}
