using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Tests.Performance.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance;

public sealed class StartupTests(PerformanceSuite suite, ITestOutputHelper output) : ScenarioTests(suite, output)
{
    private protected override Scenario Scenario { get; } = new StartupScenario();

    [SkippableFact]
    public Task Sixteen_workers_are_ready_within_a_second() => MustHold("startup.16.cold");

    [SkippableFact]
    public Task Sixteen_workers_are_ready_within_a_second_of_a_fresh_process() => MustHold("startup.16.fresh");

    [SkippableFact]
    public Task Startup_has_not_regressed() => MustNotRegress();
}
