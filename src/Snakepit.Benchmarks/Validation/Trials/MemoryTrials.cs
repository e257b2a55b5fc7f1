using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Validation.Trials;

internal static class MemoryTrials
{
    private const double LeakedBytes = 100;

    public static ScenarioTrials Trials { get; } = ScenarioTrials.Of(
        new MemoryScenario(),
        new Trial("100 bytes of each call kept in .NET", 1) { Fault = nameof(HostLeak), Size = new FaultSize(LeakedBytes) },
        new Trial("100 bytes of each call kept in Python", 1) { Fault = nameof(WorkerLeak), Size = new FaultSize(LeakedBytes) });
}
