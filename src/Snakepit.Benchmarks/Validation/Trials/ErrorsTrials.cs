using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Validation.Trials;

internal static class ErrorsTrials
{
    private const double WaitMs = 0.3;

    public static ScenarioTrials Trials { get; } = ScenarioTrials.Of(
        new ErrorsScenario(),
        new Trial("slow refusals", 1) { Fault = nameof(SlowRefusals), Size = new FaultSize(1, CallCost.MicrosecondsAsync) },
        new Trial("reasons take long", 1) { Fault = nameof(SlowReasons), Size = new FaultSize(WaitMs) });
}
