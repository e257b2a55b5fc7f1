using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests that the scenarios that need numpy measure both sides, and that a scenario is refused where Python lacks a module that it needs.
/// </summary>
public sealed class ScenariosWithNumpy
{
    [NumpyTheory]
    [InlineData(nameof(PayloadsScenario))]
    [InlineData(nameof(ModelsScenario))]
    public async Task Every_metric_is_measured_on_both_sides_and_is_positive(string type)
    {
        var scenario = AllScenarios.All.Single(one => one.GetType().Name == type);
        Assert.Equal(["numpy"], scenario.Modules);
        var result = await SmallSession.RunAsync(scenario, rounds: 1);
        Assert.Equal(scenario.Metrics.Select(metric => metric.Key), result.Metrics.Select(metric => metric.Key));
        Assert.All(result.Metrics, metric => Assert.InRange(Assert.Single(metric.Candidate), double.Epsilon, 1e9));
        Assert.All(result.Metrics, metric => Assert.InRange(Assert.Single(metric.Pin), double.Epsilon, 1e9));
    }

    [Fact]
    public async Task A_scenario_whose_module_is_missing_is_not_begun_and_the_error_says_what_to_install()
    {
        var scenario = new ProbingScenario { Needed = ["os", "no_such_module"] };
        var missing = await Assert.ThrowsAsync<ModuleMissingException>(() => SmallSession.RunAsync(scenario, rounds: 1));
        Assert.Equal(
            "Probing is not measured: ModuleNotFoundError: No module named 'no_such_module'. Install os and no_such_module for "
            + $"{await ThisMachine.PythonAsync()}; eng/python-env.sh does so.",
            missing.Message);
        Assert.Empty(scenario.Seen);
    }
}
