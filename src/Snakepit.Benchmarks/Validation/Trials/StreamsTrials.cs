using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Validation.Trials;

internal static class StreamsTrials
{
    public static ScenarioTrials Trials { get; } = ScenarioTrials.Of(
        new StreamsScenario(),
        new Trial("slow chunks", 1) { Fault = nameof(SlowChunks), Size = new FaultSize(0.5, CallCost.MicrosecondsAsync) },
        new Trial("streams begin late", 1) { Fault = nameof(SlowFirstChunk), Size = new FaultSize(1, CallCost.MicrosecondsAsync) });
}
