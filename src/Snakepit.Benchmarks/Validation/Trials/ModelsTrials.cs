using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Validation.Trials;

internal static class ModelsTrials
{
    private const double MoreTimes = 10;

    public static ScenarioTrials Trials { get; } = ScenarioTrials.Of(
        new ModelsScenario(),
        new Trial("slow vectors", 1) { Fault = nameof(SlowVectors), Size = new FaultSize(MoreTimes) },
        new Trial("worse training", 1) { Fault = nameof(WorseTraining) });
}
