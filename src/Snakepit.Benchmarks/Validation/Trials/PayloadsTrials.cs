using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Validation.Trials;

internal static class PayloadsTrials
{
    private const double MoreTimes = 2, Numbers = 20_000;

    public static ScenarioTrials Trials { get; } = ScenarioTrials.Of(
        new PayloadsScenario(),
        new Trial("JSON parsed several times", 1) { Fault = nameof(RepeatedParsing), Size = new FaultSize(MoreTimes) },
        new Trial("arrays looked through", 1) { Fault = nameof(CheckedArrays), Size = new FaultSize(Numbers) },
        new Trial("arrays in frames", 1) { Fault = nameof(ArraysInFrames) });
}
