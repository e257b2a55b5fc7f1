using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Validation.Trials;

internal static class ScalingTrials
{
    public static ScenarioTrials Trials { get; } = ScenarioTrials.Of(
        new ScalingScenario(),
        new Trial("+25 % service time with 100 callers", 5)
        {
            Fault = nameof(Crowding),
            Size = new FaultSize(0.25, CallCost.MicrosecondsAsync),
        },
        new Trial("one lock around all calls", 1) { Fault = nameof(OneLock) });
}
