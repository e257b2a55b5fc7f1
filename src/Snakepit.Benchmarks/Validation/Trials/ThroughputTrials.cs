using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Validation.Trials;

internal static class ThroughputTrials
{
    public static ScenarioTrials Trials { get; } = ScenarioTrials.Of(
        new ThroughputScenario(),
        new Trial("+25 % service time", 5) { Fault = nameof(SlowService), Size = new FaultSize(0.25, CallCost.MicrosecondsAsync) },
        new Trial("+25 % serialisation", 5) { Fault = nameof(SlowCaller), Size = new FaultSize(0.25, CallCost.MicrosecondsAsync) },
        new Trial("twice the allocations", 1) { Fault = nameof(MoreAllocations), Size = new FaultSize(1, CallCost.BytesAsync) });
}
