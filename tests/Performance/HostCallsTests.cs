using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Tests.Performance.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance;

public sealed class HostCallsTests(PerformanceSuite suite, ITestOutputHelper output) : ScenarioTests(suite, output)
{
    private protected override Scenario Scenario { get; } = new HostCallsScenario();

    [SkippableFact]
    public Task Calls_from_python_to_dotnet_have_not_regressed() => MustNotRegress();
}
