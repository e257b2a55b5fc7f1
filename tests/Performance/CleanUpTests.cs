using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Tests.Performance.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance;

public sealed class CleanUpTests(PerformanceSuite suite, ITestOutputHelper output) : ScenarioTests(suite, output)
{
    private protected override Scenario Scenario { get; } = new CleanUpScenario();

    [SkippableFact]
    public Task Clean_up_has_not_regressed() => MustNotRegress();
}
