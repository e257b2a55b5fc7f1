using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Validation.Trials;

internal static class DirectTrials
{
    public static ScenarioTrials Trials { get; } = ScenarioTrials.Of(
        new DirectScenario(),
        new Trial("slow frames", 1) { Fault = nameof(SlowDirectFrames), Size = new FaultSize(0.25, CallCost.MicrosecondsAsync) },
        new Trial("frames in pieces", 1) { Fault = nameof(SplitDirectFrames) });
}
