using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Tests.Performance.Support;

/// <summary>
/// Measures scenarios and studies for the tests of one test run. Each scenario is measured once, when its first test asks for the result.
/// After the last test, the results and the report are saved in the same way as by <c>bench run</c>. In GitHub Actions, the report is added
/// to the summary of the job as well.
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

    /// <summary>Returns the path of the file to which the report will be written.</summary>
    internal async Task<string> ReportPathAsync() => (await GateAsync()).ReportPath;

    /// <summary>Returns the result of a scenario, which is measured at the first call for this scenario.</summary>
    internal Task<ScenarioRun> RunOf(Scenario scenario)
    {
        if (!_runs.TryGetValue(scenario.Name, out var run))
        {
            _measuring = _runs[scenario.Name] = run = RunAsync();
        }

        return run;

        async Task<ScenarioRun> RunAsync() => await (await GateAsync()).RunAsync(scenario, _ending.Token);
    }

    /// <summary>Measures a study and returns its result. Every call measures again, so only one test should ask for a study.</summary>
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
            // When Ctrl+C ends the test process, End cancels the measurement first, so that it can clean up.
            AppDomain.CurrentDomain.ProcessExit += End;
            _gate = PerformanceGate.OpenAsync(
                Workspace.Current, new GateOptions { Confirm = !Suspects.AreConfirmedElsewhere }, Console.WriteLine, _ending.Token);
        }

        return _gate;
    }

    private void End(object? sender, EventArgs e)
    {
        // The cancelled measurement ends the host processes and removes the copied builds. Wait until it has ended, or for Patience.
        _ending.Cancel();
        Task.WhenAny(_measuring, Task.Delay(Patience)).Wait();
    }
}
