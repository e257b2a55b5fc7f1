using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Validation.Trials;

internal static class HostCallsTrials
{
    private const double WaitMs = 2;

    public static ScenarioTrials Trials { get; } = ScenarioTrials.Of(
        new HostCallsScenario(),
        new Trial("slow frames of calls to .NET", 1)
        {
            Fault = nameof(SlowHostCalls),
            Size = new FaultSize(1, CallCost.MicrosecondsAsync),
        },
        new Trial("calls to .NET wait", 1) { Fault = nameof(WaitingHostCalls), Size = new FaultSize(WaitMs) });
}
