using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests that the scenarios that have no baseline yet measure both sides, because the performance suite measures only the candidate as long
/// as there is no pin.
/// </summary>
public sealed class ScenariosOfCalls
{
    [Theory]
    [InlineData(nameof(StreamsScenario))]
    [InlineData(nameof(SessionsScenario))]
    [InlineData(nameof(HostCallsScenario))]
    [InlineData(nameof(DirectScenario))]
    [InlineData(nameof(CleanUpScenario))]
    public async Task Every_metric_is_measured_on_both_sides_and_is_positive(string type)
    {
        var scenario = AllScenarios.All.Single(one => one.GetType().Name == type);
        var result = await SmallSession.RunAsync(scenario, rounds: 1);
        Assert.Equal(scenario.Metrics.Select(metric => metric.Key), result.Metrics.Select(metric => metric.Key));
        Assert.All(result.Metrics, metric => Assert.InRange(Assert.Single(metric.Candidate), double.Epsilon, 1e9));
        Assert.All(result.Metrics, metric => Assert.InRange(Assert.Single(metric.Pin), double.Epsilon, 1e9));
        if (scenario is SessionsScenario)
        {
            Assert.Equal((1_000, 8), (result["sessions.1000.right"].Candidate[0], result["sessions.1000.homes"].Candidate[0]));
        }
    }
}
