using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Validation.Trials;

internal static class IdleTrials
{
    private const double TemplateMs = 10, WorkerMs = 100;

    public static ScenarioTrials Trials { get; } = ScenarioTrials.Of(
        new IdleScenario(),
        new Trial("the template polls", 1) { Fault = nameof(PollingTemplate), Size = new FaultSize(TemplateMs) },
        new Trial("workers poll", 1) { Fault = nameof(PollingWorkers), Size = new FaultSize(WorkerMs) });
}
