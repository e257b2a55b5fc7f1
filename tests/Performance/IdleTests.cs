using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Tests.Performance.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance;

public sealed class IdleTests(PerformanceSuite suite, ITestOutputHelper output) : ScenarioTests(suite, output)
{
    private protected override Scenario Scenario { get; } = new IdleScenario();

    [SkippableFact]
    public Task Idle_pools_have_not_regressed() => MustNotRegress();
}
