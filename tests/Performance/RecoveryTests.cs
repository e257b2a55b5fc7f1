using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Runs;
using Snakepit.Tests.Performance.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance;

public sealed class RecoveryTests(PerformanceSuite suite, ITestOutputHelper output) : ScenarioTests(suite, output)
{
    private protected override Task<ScenarioResult> MeasureAsync() => MeasureAsync<RecoveryScenario>();

    [SkippableFact]
    public Task Recovery_is_reported_against_the_baseline() => ReportAgainstTheBaseline();
}
