using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Tests.Performance.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance;

public sealed class ScalingTests(PerformanceSuite suite, ITestOutputHelper output) : ScenarioTests(suite, output)
{
    private protected override Scenario Scenario { get; } = new ScalingScenario();

    [SkippableFact]
    public Task Fifty_callers_are_served_as_fast_as_ten() => MustHold("scaling.50_to_10");

    [SkippableFact]
    public Task A_hundred_callers_are_served_as_fast_as_ten() => MustHold("scaling.100_to_10");

    [SkippableFact]
    public Task Scaling_has_not_regressed() => MustNotRegress();
}
