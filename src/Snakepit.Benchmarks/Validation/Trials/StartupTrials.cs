using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Validation.Trials;

internal static class StartupTrials
{
    public static ScenarioTrials Trials { get; } = ScenarioTrials.Of(
        new StartupScenario(),
        new Trial("+25 % startup", 5) { Fault = nameof(SlowPreparation), Size = new FaultSize(0.25, StartCost.MillisecondsAsync) },
        new Trial("one worker missing", 1) { Fault = nameof(MissingWorker) });
}
