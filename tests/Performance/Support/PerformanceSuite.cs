using Snakepit.Benchmarks;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Snapshots;

namespace Snakepit.Tests.Performance.Support;

/// <summary>
/// All that is measured in one test run. Each scenario is measured once, when its first test asks for it; at the end the run is kept like one of
/// <c>bench run</c>, and its report goes to the job summary where there is one.
/// </summary>
public sealed class PerformanceSuite : IAsyncLifetime
{
    private readonly string _id = Workspace.NewRunId();
    private readonly double _loadBefore = Workspace.LoadAverage();
    private readonly int _seed = Workspace.NewSeed();
    private readonly Dictionary<string, Task<ScenarioResult>> _results = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        var measured = _results.Values.Where(result => result.IsCompletedSuccessfully).Select(result => result.Result).ToList();
        if (measured.Count == 0)
        {
            return;
        }

        var workspace = Workspace.Current;
        var run = await workspace.DescribeAsync(_id, _loadBefore, measured);
        workspace.Runs.Save(run);
        var report = Reporter.Markdown(workspace, run);
        AtomicFile.Write(Path.Combine(workspace.Runs.DirectoryOf(_id), "report.md"), report);
        if (Environment.GetEnvironmentVariable("GITHUB_STEP_SUMMARY") is { Length: > 0 } summary)
        {
            await File.AppendAllTextAsync(summary, report);
        }
    }

    /// <summary>What a scenario yields; measured by the first who asks.</summary>
    internal Task<ScenarioResult> ResultOf<TScenario>()
        where TScenario : Scenario, new()
    {
        if (!_results.TryGetValue(typeof(TScenario).Name, out var result))
        {
            _results[typeof(TScenario).Name] = result = MeasureAsync();
        }

        return result;

        async Task<ScenarioResult> MeasureAsync()
        {
            await using var scenario = new TScenario();
            return await ScenarioRunner.RunAsync(
                scenario,
                ScenarioRunner.DefaultRounds,
                _seed,
                done => Console.WriteLine($"{scenario.Name}: round {done} of {ScenarioRunner.DefaultRounds}"),
                CancellationToken.None);
        }
    }
}

/// <summary>One suite at a time, one test at a time: a measurement shares the machine with nothing else of ours.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PerformanceCollection : ICollectionFixture<PerformanceSuite>
{
    public const string Name = "Performance";
}
