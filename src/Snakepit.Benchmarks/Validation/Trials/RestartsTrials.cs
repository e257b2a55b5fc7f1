using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Validation.Trials;

internal static class RestartsTrials
{
    // More than the limit for the next call after a loss.
    private const double LateMs = 30;

    public static ScenarioTrials Trials { get; } = ScenarioTrials.Of(
        new RestartsScenario(),
        new Trial("ends are reported late", 1) { Fault = nameof(LateExitReports), Size = new FaultSize(LateMs) },
        new Trial("calls wait after a loss", 1) { Fault = nameof(StalledCalls), Size = new FaultSize(LateMs) });
}
