using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Runs;
using Snakepit.Tests.Performance.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance;

public sealed class LatencyTests(PerformanceSuite suite, ITestOutputHelper output) : ScenarioTests(suite, output)
{
    private protected override Task<ScenarioResult> MeasureAsync() => MeasureAsync<LatencyScenario>();

    [SkippableFact]
    public Task Ninety_nine_of_a_hundred_pings_end_within_10_ms() => MustNotRegress("latency.p99");

    [SkippableFact]
    public Task Latency_is_reported_against_the_baseline() => ReportAgainstTheBaseline();
}
