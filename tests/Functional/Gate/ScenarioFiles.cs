using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Benchmarks.Studies;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests rules that every scenario and study must follow.</summary>
public sealed class ScenarioFiles
{
    private const int MostLines = 100;

    [Fact]
    public void A_metric_is_declared_once()
    {
        var keys = AllScenarios.All.Concat(AllStudies.All).SelectMany(scenario => scenario.Readings).Select(reading => reading.Key)
            .ToList();
        Assert.Equal(keys.Distinct(), keys);
    }

    [Fact]
    public void The_names_of_metrics_begin_with_their_scenarios() => Assert.All(
        AllScenarios.All.Concat(AllStudies.All),
        scenario => Assert.All(
            scenario.Keys, key => Assert.StartsWith($"{scenario.Name.ToLowerInvariant()}.", key, StringComparison.Ordinal)));

    [Fact]
    public void A_metric_that_the_policy_judges_is_measured_on_both_sides()
    {
        var policy = Workspace.Current.LoadPolicy();
        var alone = AllScenarios.All.SelectMany(scenario => scenario.Readings).Where(reading => reading.IsCandidateOnly);
        Assert.All(alone, reading => Assert.True(policy.For(reading.Key).Rule is null, reading.Key));
    }

    [Fact]
    public void A_scenario_is_one_short_file() => Assert.All(AllScenarios.All, scenario =>
    {
        var path = Path.Combine(Conventions.Repository.Root, "src", "Snakepit.Benchmarks", "Scenarios", $"{scenario.Name}Scenario.cs");
        Assert.InRange(File.ReadAllLines(path).Length, 1, MostLines - 1);
    });
}
