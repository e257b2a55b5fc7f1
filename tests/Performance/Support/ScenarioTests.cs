using Snakepit.Benchmarks;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Runs;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance.Support;

/// <summary>What the tests of every scenario do with its result.</summary>
[Collection(PerformanceCollection.Name)]
public abstract class ScenarioTests(PerformanceSuite suite, ITestOutputHelper output)
{
    private protected abstract Task<ScenarioResult> MeasureAsync();

    /// <summary>The scenario's result. Without Python there is none: a skip on a developer's machine, a failure under <c>CI=true</c>.</summary>
    private protected async Task<ScenarioResult> MeasureAsync<TScenario>()
        where TScenario : Scenario, new()
    {
        try
        {
            return await suite.ResultOf<TScenario>();
        }
        catch (Exception exception) when (exception is PythonNotFoundException or PythonRuntimeException)
        {
            Skip.IfNot(Environment.GetEnvironmentVariable("CI") == "true", $"no Python: {exception.Message}");
            throw;
        }
    }

    /// <summary>
    /// Fails if every round misses the target while the machine is fit to tell, skips with both figures if it is not.
    /// </summary>
    private protected async Task MustNotRegress(string metric)
    {
        var result = await MeasureAsync();
        var verdict = TargetVerdict.Of(result, metric, Workspace.Current.LoadPolicy().Targets[metric]);
        output.WriteLine(verdict.Explanation);
        Skip.If(verdict.Outcome == TargetOutcome.MachineUnfit, verdict.Explanation);
        Assert.True(verdict.Outcome == TargetOutcome.Met, $"{verdict.Explanation}. Best of all rounds counts; see the report under artifacts/performance.");
    }

    /// <summary>
    /// Prints every figure beside its nice-to-have target, its stored number and its history, and proposes new stored numbers when something is new
    /// or has moved by more than the tolerance. Advisory: it fails only if the baseline cannot be read or a metric is missing.
    /// </summary>
    private protected async Task ReportAgainstTheBaseline()
    {
        var result = await MeasureAsync();
        var (workspace, machine) = (Workspace.Current, await Workspace.MachineAsync());
        var rows = Reporter.Rows(workspace, result, machine);
        output.WriteLine(MarkdownReport.Of(result, rows));

        var (snapshot, baseline) = (workspace.BaselineSnapshot(result.Scenario), workspace.LoadBaseline(result.Scenario));
        if (baseline?.Machines.TryGetValue(machine.Key, out var stored) == true)
        {
            Assert.Equal(stored.Values.Keys, result.Metrics.Select(metric => metric.Key).Order(StringComparer.Ordinal));
        }

        var moved = rows.Where(row => row.Drift.Level != DriftLevel.Within && !IsReference(row)).ToList();
        if (moved.Count == 0)
        {
            snapshot.Withdraw();
            return;
        }

        snapshot.Propose((baseline ?? Baseline.Empty(result.Scenario)).With(result, machine).ToText());
        output.WriteLine($"Advisory: {string.Join("; ", moved.Select(row => $"{row.Metric.Key} {row.Advice}"))}.");
        output.WriteLine($"To accept: mv {snapshot.ReceivedPath} {snapshot.VerifiedPath}");
    }

    private static bool IsReference(ReportRow row) => row.Metric.Key.StartsWith("reference.", StringComparison.Ordinal);
}
