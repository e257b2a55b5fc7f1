using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Runs;
using Snakepit.Tests.Performance.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance;

public sealed class ScalingTests(PerformanceSuite suite, ITestOutputHelper output) : ScenarioTests(suite, output)
{
    private protected override Task<ScenarioResult> MeasureAsync() => MeasureAsync<ScalingScenario>();

    [SkippableFact]
    public Task Fifty_callers_are_served_as_fast_as_ten() => MustNotRegress("scaling.50_to_10");

    [SkippableFact]
    public Task A_hundred_callers_are_served_as_fast_as_ten() => MustNotRegress("scaling.100_to_10");

    [SkippableFact]
    public Task Scaling_is_reported_against_the_baseline() => ReportAgainstTheBaseline();
}
