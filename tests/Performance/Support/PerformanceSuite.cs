using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Benchmarks.Subprocesses;

namespace Snakepit.Tests.Performance.Support;

/// <summary>
/// Measures scenarios and studies for the tests of one test run. Each scenario is measured once, when its first test asks for the result.
/// After each, the results and the report are saved in the same way as by <c>bench run</c>. After the last test, the report is added to the
/// summary of the job in GitHub Actions.
/// </summary>
public sealed class PerformanceSuite : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // 'dotnet test' without a filter starts the functional tests at the same moment. They are much shorter, so they go first.
    private static readonly TimeSpan HeadStartOfFunctionalTests = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, Task<ScenarioRun>> _runs = [];
    private readonly CancellationTokenSource _ending = new();
    private Task<PerformanceGate>? _gate;
    private AncestorWatch? _runner;
    private IReadOnlyList<string> _written = [];
    private volatile Task _measuring = Task.CompletedTask;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= End;
        _runner?.Dispose();
        if (_gate is { IsCompletedSuccessfully: true })
        {
            await using var gate = await _gate;
            if (gate.Runs.Count + gate.Studies.Count > 0)
            {
                gate.AddToJobSummary(gate.Result());
            }
        }

        _ending.Dispose();
    }

    /// <summary>Why the results could not be written to their files; null if they were.</summary>
    internal string? SaveProblem { get; private set; }

    /// <summary>Returns the path of the report, or says that it could not be written.</summary>
    internal async Task<string> ReportPathAsync()
    {
        var path = (await GateAsync()).ReportPath;
        return _written.Contains(path) ? path : $"none, because {SaveProblem ?? "nothing was measured"}";
    }

    /// <summary>Returns the result of a scenario, which is measured at the first call for this scenario.</summary>
    internal Task<ScenarioRun> RunOf(Scenario scenario)
    {
        if (!_runs.TryGetValue(scenario.Name, out var run))
        {
            _runs[scenario.Name] = run = MeasureAsync(gate => gate.RunAsync(scenario, _ending.Token));
        }

        return run;
    }

    /// <summary>Measures a study and returns its result. Every call measures again, so only one test should ask for a study.</summary>
    internal Task<StudyRun> RunOf(Study study) => MeasureAsync(gate => gate.RunAsync(study, rounds: null, _ending.Token));

    private Task<T> MeasureAsync<T>(Func<PerformanceGate, Task<T>> measure)
    {
        var measuring = MeasureAndSaveAsync();
        _measuring = measuring;
        return measuring;

        async Task<T> MeasureAndSaveAsync()
        {
            var gate = await GateAsync();
            var measured = await measure(gate);
            Save(gate);
            return measured;
        }
    }

    private void Save(PerformanceGate gate)
    {
        var files = gate.Save(gate.Result());
        _written = files.Written;
        // A test fails with the problem, but not before it has told its verdict.
        SaveProblem = files.Problems.Count > 0 ? string.Join("; ", files.Problems) : null;
    }

    private Task<PerformanceGate> GateAsync()
    {
        if (_gate is null)
        {
            // When Ctrl+C ends the test process, End cancels the measurement first, so that it can clean up. If 'dotnet test' is killed,
            // nothing tells the test process, which must not go on measuring for a run that nobody sees.
            AppDomain.CurrentDomain.ProcessExit += End;
            _runner = new AncestorWatch(Environment.ProcessId, () => End(this, EventArgs.Empty));
            _gate = OpenAsync();
        }

        return _gate;
    }

    private async Task<PerformanceGate> OpenAsync()
    {
        await Task.Delay(HeadStartOfFunctionalTests, _ending.Token);
        CandidateBuild.RequireOwnClone();
        RunningProgram.RequireUpToDate();
        AcceptedNames.Require(Workspace.Current);
        await AcceptedNames.RequireNoneRemovedAsync(Workspace.Current);
        Workspace.Current.LoadHistory(); // a damaged file must be reported before anything is measured
        var options = new GateOptions { IsFull = FullRun.IsAsked, Confirm = !Suspects.AreConfirmedElsewhere, Explains = true };
        return await PerformanceGate.OpenAsync(Workspace.Current, options, Console.WriteLine, _ending.Token);
    }

    private void End(object? sender, EventArgs e)
    {
        // The cancelled measurement ends the host processes and removes the copied builds. Wait until it has ended, or for Patience.
        _ending.Cancel();
        Task.WhenAny(_measuring, Task.Delay(Patience)).Wait();
    }
}
