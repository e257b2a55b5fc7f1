using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Tests.Performance.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance;

public sealed class ThroughputTests(PerformanceSuite suite, ITestOutputHelper output) : ScenarioTests(suite, output)
{
    private protected override Scenario Scenario { get; } = new ThroughputScenario();

    [SkippableFact]
    public Task Eight_workers_serve_more_than_500_calls_a_second() => MustHold("throughput.8.rate");

    [SkippableFact]
    public Task Throughput_has_not_regressed() => MustNotRegress();
}
