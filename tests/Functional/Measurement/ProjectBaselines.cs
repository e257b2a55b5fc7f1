using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Tests that the policy and the baselines of this project fit its scenarios, its performance targets and each other.</summary>
public sealed class ProjectBaselines
{
    [Fact]
    public void The_policy_and_the_history_name_only_metrics_that_are_measured()
    {
        var measured = AllScenarios.All.SelectMany(scenario => scenario.Metrics).Select(metric => metric.Key).ToHashSet();
        Assert.Subset(measured, Workspace.Current.LoadPolicy().Metrics.Keys.ToHashSet());
        Assert.Subset(measured, Workspace.Current.LoadHistory().Entries.SelectMany(entry => entry.Values.Keys).ToHashSet());
    }

    [Fact]
    public void The_limits_of_the_policy_are_the_performance_targets_of_the_project()
    {
        var metrics = Workspace.Current.LoadPolicy().Metrics;
        Assert.Equal((1000, 500), (metrics["startup.16.cold"].Must, metrics["startup.16.cold"].Nice));
        Assert.Equal((500, 1000), (metrics["throughput.8.rate"].Must, metrics["throughput.8.rate"].Nice));
        Assert.Equal((10, 5), (metrics["latency.p99"].Must, metrics["latency.p99"].Nice));
        Assert.Equal((0.95, 0.95), (metrics["scaling.50_to_10"].Must, metrics["scaling.100_to_10"].Must));
        Assert.Equal((2, 20), (metrics["streams.first_chunk_to_ping"].Must, metrics["restarts.next_call"].Must));
        Assert.Equal((500, 500), (metrics["cleanup.128_idle"].Must, metrics["cleanup.host_kill"].Must));
        Assert.Equal((2, 10), (metrics["idle.direct.8.cpu"].Nice, metrics["idle.grpc.8.cpu"].Nice));
        Assert.All(
            metrics.Keys.Where(key => key.StartsWith("memory.growth.", StringComparison.Ordinal)),
            key => Assert.Equal(20, metrics[key].Must));
        Assert.All(
            ["startup.16.cold", "throughput.8.rate", "latency.windows.p95", "latency.windows.p99"],
            key => Assert.Equal("time", metrics[key].Rule));
    }

    [Fact]
    public void The_thresholds_and_interim_looks_of_the_policy_are_those_that_the_proof_covers()
    {
        var policy = Workspace.Current.LoadPolicy();
        Assert.Equal((1.05, 1.15, 1.20, 0.95), Thresholds(policy.Rules["time"]));
        Assert.Equal(1.05, policy.Rules["amount"].Tolerance);
        Assert.InRange(policy.Rules["time"].BetweenJobSd, 0.001, 0.05);
        Assert.Equal([10, 15, 24, 40], policy.InterimLooks.Rounds.AsEnumerable());
        Assert.Equal((0.005, 1.3), (policy.InterimLooks.Level, policy.InterimLooks.SensitivityFactor));

        static (double, double, double, double) Thresholds(RatioRule rule) =>
            (rule.Negligible, rule.Tolerance, rule.MustDetect, rule.Improvement);
    }

    [Fact]
    public void The_baseline_of_every_scenario_covers_exactly_the_metrics_that_the_policy_judges()
    {
        var policy = Workspace.Current.LoadPolicy();
        foreach (var scenario in AllScenarios.All)
        {
            // A scenario whose metrics the policy does not judge needs no baseline yet.
            var baseline = Workspace.Current.LoadBaseline(scenario.Name);
            Assert.Equal(Keys(scenario.Metrics.Where(metric => policy.RuleFor(metric.Key) is not null)), baseline?.Metrics.Keys ?? []);
            Assert.Equal(Keys(scenario.Metrics.Where(metric => policy.For(metric.Key).IsExact)), baseline?.Counts.Keys ?? []);
            if (baseline is null)
            {
                continue;
            }

            Assert.All(scenario.Metrics.Where(metric => baseline.Metrics.ContainsKey(metric.Key)), metric => Assert.Equal(
                (metric.Unit, metric.Worse), (baseline.Metrics[metric.Key].Unit, baseline.Metrics[metric.Key].Worse)));
            Assert.All(baseline.Machines.Values, machine =>
            {
                Assert.Subset(scenario.Metrics.Select(metric => metric.Key).ToHashSet(), machine.Values.Keys.ToHashSet());
                Assert.Subset(machine.Values.Keys.ToHashSet(), baseline.Metrics.Keys.Concat(baseline.Counts.Keys).ToHashSet());
            });
            Assert.NotEqual("", baseline.Reason);
        }

        static IEnumerable<string> Keys(IEnumerable<Metric> metrics) => metrics.Select(metric => metric.Key).Order(StringComparer.Ordinal);
    }
}
