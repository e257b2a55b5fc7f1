using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Validation.Trials;

internal static class LatencyTrials
{
    // The delay of a slow call. It is far longer than the slowest of 100 calls takes without a fault.
    private const double SlowCallMilliseconds = 30;

    public static ScenarioTrials Trials { get; } = ScenarioTrials.Of(
        new LatencyScenario(),
        new Trial("1 % of calls slow", 1) { Fault = nameof(SlowTail), Size = new FaultSize(SlowCallMilliseconds) });
}
