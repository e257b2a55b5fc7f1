using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests that the scenarios that have no baseline yet measure both sides, because the performance suite measures only the candidate as long
/// as there is no pin.
/// </summary>
public sealed class ScenariosOfCalls
{
    /// <summary>The metrics that count what is right, each with the number of all.</summary>
    private static readonly Dictionary<string, double> Counts = new()
    {
        ["sessions.1000.right"] = 1_000,
        ["sessions.1000.homes"] = 8,
        ["errors.right"] = 420,
        ["restarts.counted"] = 6,
        ["restarts.completed"] = 194,
        ["restarts.undisturbed"] = 200,
    };

    [Theory]
    [InlineData(nameof(StreamsScenario))]
    [InlineData(nameof(SessionsScenario))]
    [InlineData(nameof(HostCallsScenario))]
    [InlineData(nameof(DirectScenario))]
    [InlineData(nameof(IdleScenario))]
    [InlineData(nameof(MemoryScenario))]
    [InlineData(nameof(CleanUpScenario))]
    [InlineData(nameof(ErrorsScenario))]
    [InlineData(nameof(RestartsScenario))]
    public async Task Every_metric_is_measured_on_both_sides_and_is_positive(string type)
    {
        var scenario = AllScenarios.All.Single(one => one.GetType().Name == type);
        var result = await SmallSession.RunAsync(scenario, rounds: 1);
        Assert.Equal(scenario.Metrics.Select(metric => metric.Key), result.Metrics.Select(metric => metric.Key));
        Assert.All(result.Metrics, metric => Assert.InRange(Assert.Single(metric.Candidate), double.Epsilon, 1e9));
        Assert.All(result.Metrics, metric => Assert.InRange(Assert.Single(metric.Pin), double.Epsilon, 1e9));
        foreach (var (key, count) in Counts.Where(one => one.Key.StartsWith($"{scenario.Name}.", StringComparison.OrdinalIgnoreCase)))
        {
            Assert.Equal((count, count), (result[key].Candidate[0], result[key].Pin[0]));
        }
    }
}
