using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Tests.Performance.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance;

public sealed class DirectTests(PerformanceSuite suite, ITestOutputHelper output) : ScenarioTests(suite, output)
{
    private protected override Scenario Scenario { get; } = new DirectScenario();

    [SkippableFact]
    public Task The_transport_direct_has_not_regressed() => MustNotRegress();
}
