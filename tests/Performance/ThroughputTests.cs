using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Runs;
using Snakepit.Tests.Performance.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance;

public sealed class ThroughputTests(PerformanceSuite suite, ITestOutputHelper output) : ScenarioTests(suite, output)
{
    private protected override Task<ScenarioResult> MeasureAsync() => MeasureAsync<ThroughputScenario>();

    [SkippableFact]
    public Task Eight_workers_serve_more_than_500_calls_a_second() => MustNotRegress("throughput.8.rate");

    [SkippableFact]
    public Task Throughput_is_reported_against_the_baseline() => ReportAgainstTheBaseline();
}
