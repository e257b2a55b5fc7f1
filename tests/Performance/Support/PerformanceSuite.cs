using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Tests.Performance.Support;

/// <summary>
/// Everything that is measured in one test run. Each scenario is measured once, when its first test asks for the result. At the end the run
/// is saved as <c>bench run</c> saves one, and its report is added to the summary of the GitHub Actions job if there is one.
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

    /// <summary>The file that the report will be written to.</summary>
    internal async Task<string> ReportPathAsync() => (await GateAsync()).ReportPath;

    /// <summary>The result of a scenario, which is measured at the first call.</summary>
    internal Task<ScenarioRun> RunOf(Scenario scenario)
    {
        if (!_runs.TryGetValue(scenario.Name, out var run))
        {
            _measuring = _runs[scenario.Name] = run = RunAsync();
        }

        return run;

        async Task<ScenarioRun> RunAsync() => await (await GateAsync()).RunAsync(scenario, _ending.Token);
    }

    /// <summary>The result of a study, which is measured at every call: only one test should ask for it.</summary>
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
            // Ctrl+C ends the test process. Its hosts end as well, because their input ends.
            AppDomain.CurrentDomain.ProcessExit += End;
            _gate = PerformanceGate.OpenAsync(
                Workspace.Current, new GateOptions { Confirm = !Suspects.AreConfirmedElsewhere }, Console.WriteLine, _ending.Token);
        }

        return _gate;
    }

    private void End(object? sender, EventArgs e)
    {
        // End hosts and remove their staged builds before this process ends, if that does not take too long.
        _ending.Cancel();
        Task.WhenAny(_measuring, Task.Delay(Patience)).Wait();
    }
}
