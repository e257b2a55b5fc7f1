using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Validation.Trials;

internal static class RecoveryTrials
{
    public static ScenarioTrials Trials { get; } = ScenarioTrials.Of(
        new RecoveryScenario(),
        new Trial("+25 % replacement", 5)
        {
            Fault = nameof(SlowWorkerStart),
            Size = new FaultSize(0.25, ReplacementCost.MillisecondsAsync),
        });
}
