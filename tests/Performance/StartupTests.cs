using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Runs;
using Snakepit.Tests.Performance.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance;

public sealed class StartupTests(PerformanceSuite suite, ITestOutputHelper output) : ScenarioTests(suite, output)
{
    private protected override Task<ScenarioResult> MeasureAsync() => MeasureAsync<StartupScenario>();

    [SkippableFact]
    public Task Sixteen_workers_are_ready_within_a_second() => MustNotRegress("startup.16.cold");

    [SkippableFact]
    public Task Sixteen_workers_are_ready_within_a_second_of_a_fresh_process() => MustNotRegress("startup.16.fresh");

    [SkippableFact]
    public Task Startup_is_reported_against_the_baseline() => ReportAgainstTheBaseline();
}
