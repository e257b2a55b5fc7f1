using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Tests.Performance.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance;

public sealed class LatencyTests(PerformanceSuite suite, ITestOutputHelper output) : ScenarioTests(suite, output)
{
    private protected override Scenario Scenario { get; } = new LatencyScenario();

    [SkippableFact]
    public Task Ninety_nine_of_a_hundred_pings_end_within_10_ms() => MustHold("latency.p99");

    [SkippableFact]
    public Task Latency_has_not_regressed() => MustNotRegress();
}
