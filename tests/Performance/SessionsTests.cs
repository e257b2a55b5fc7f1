using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Tests.Performance.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance;

public sealed class SessionsTests(PerformanceSuite suite, ITestOutputHelper output) : ScenarioTests(suite, output)
{
    private protected override Scenario Scenario { get; } = new SessionsScenario();

    [SkippableFact]
    public Task Sessions_have_not_regressed() => MustNotRegress();
}
