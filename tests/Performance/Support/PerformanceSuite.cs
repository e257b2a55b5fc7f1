using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Tests.Performance.Support;

/// <summary>
/// All that is measured in one test run. Each scenario is measured once, when its first test asks for it; at the end the run is kept like one of
/// <c>bench run</c>, and its report goes to the job summary where there is one.
/// </summary>
public sealed class PerformanceSuite : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Task<ScenarioRun>> _runs = [];
    private readonly CancellationTokenSource _ending = new();
    private Task<PerformanceGate>? _gate;
    private volatile Task _measuring = Task.CompletedTask;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= End;
        if (_gate is { IsCompletedSuccessfully: true })
        {
            await using var gate = await _gate;
            if (gate.Runs.Count + gate.Studies.Count > 0)
            {
                await gate.SaveAsync();
            }
        }

        _ending.Dispose();
    }

    /// <summary>Where the report will be.</summary>
    internal async Task<string> ReportPathAsync() => (await GateAsync()).ReportPath;

    /// <summary>What a scenario yields; measured by the first who asks.</summary>
    internal Task<ScenarioRun> RunOf(Scenario scenario)
    {
        if (!_runs.TryGetValue(scenario.Name, out var run))
        {
            _measuring = _runs[scenario.Name] = run = RunAsync();
        }

        return run;

        async Task<ScenarioRun> RunAsync() => await (await GateAsync()).RunAsync(scenario, _ending.Token);
    }

    /// <summary>What a study yields; measured each time, so that one test asks for all of it.</summary>
    internal Task<StudyRun> RunOf(Study study)
    {
        var run = RunAsync();
        _measuring = run;
        return run;

        async Task<StudyRun> RunAsync() => await (await GateAsync()).RunAsync(study, rounds: null, _ending.Token);
    }

    private Task<PerformanceGate> GateAsync()
    {
        if (_gate is null)
        {
            // Ctrl+C ends the test process: its hosts see the end of their input and follow.
            AppDomain.CurrentDomain.ProcessExit += End;
            _gate = PerformanceGate.OpenAsync(
                Workspace.Current, new GateOptions { Confirm = !Suspects.AreConfirmedElsewhere }, Console.WriteLine, _ending.Token);
        }

        return _gate;
    }

    private void End(object? sender, EventArgs e)
    {
        _ending.Cancel();
        // Hosts and what was staged for them go first, as far as whoever ends this process waits for it.
        Task.WhenAny(_measuring, Task.Delay(Patience)).Wait();
    }
}

/// <summary>One suite at a time, one test at a time: a measurement shares the machine with nothing else of ours.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PerformanceCollection : ICollectionFixture<PerformanceSuite>
{
    public const string Name = "Performance";
}
