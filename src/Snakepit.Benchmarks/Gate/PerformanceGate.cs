using System.Collections.Immutable;
using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// Measures scenarios side by side with their pins and judges them. Holds the machine's one suite lock while it lives; keeps the run and its report
/// under <c>artifacts/performance</c>.
/// </summary>
internal sealed class PerformanceGate : IAsyncDisposable
{
    // Any constant: the second session's choices are others than the first one's.
    private const int OtherSeed = 0x5A5A5A5A;

    private readonly Workspace _workspace;
    private readonly GateOptions _options;
    private readonly Action<string> _progress;
    private readonly SuiteLock _lock;
    private readonly RunStore _store;
    private readonly RoundLog _log;
    private readonly string _python;
    private readonly List<ScenarioRun> _runs = [];
    private readonly List<StudyRun> _studies = [];
    private readonly double _loadBefore = Workspace.LoadAverage();
    private readonly string _id = Workspace.NewRunId();
    private TimeSpan _spent;

    private PerformanceGate(Workspace workspace, GateOptions options, Action<string> progress, SuiteLock suiteLock, string python)
    {
        (_workspace, _options, _progress, _lock, _python) = (workspace, options, progress, suiteLock, python);
        _store = options.Store ?? workspace.Runs;
        _log = new RoundLog(Path.Combine(_store.DirectoryOf(_id), "rounds.ndjson.gz"));
    }

    /// <summary>What was measured so far.</summary>
    public IReadOnlyList<ScenarioRun> Runs => _runs;

    /// <summary>What was studied so far.</summary>
    public IReadOnlyList<StudyRun> Studies => _studies;

    /// <summary>Where the run's report will be.</summary>
    public string ReportPath => Path.Combine(_store.DirectoryOf(_id), "report.md");

    /// <summary>Waits for its turn on this machine.</summary>
    /// <param name="workspace">The repository.</param>
    /// <param name="options">How to measure.</param>
    /// <param name="progress">Told what is going on, a line at a time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PerformanceGate> OpenAsync(
        Workspace workspace, GateOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        var python = await Workspace.PythonAsync();
        return new PerformanceGate(workspace, options, progress, await SuiteLock.TakeAsync(SuiteLock.MachineWide, progress, cancellationToken), python);
    }

    /// <summary>
    /// Measures and judges a scenario; proposes a new baseline when something is not as accepted. A measurement that has to be given up is a result
    /// too, so that every report has it.
    /// </summary>
    /// <exception cref="UnreadableFileException">The policy or the baseline cannot be read.</exception>
    public async Task<ScenarioRun> RunAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        var yardstick = await _workspace.YardstickAsync(scenario.Name);
        yardstick = yardstick.For(PinOf(yardstick), scenario.Name, scenario.Metrics);
        var notes = yardstick.Notes.ToList();
        return await JudgeAsync(scenario, () => MeasureAsync(scenario, yardstick, notes, cancellationToken), yardstick, notes);
    }

    /// <summary>Measures the session that confirms, or does not, what another machine has found regressed, and judges both sessions.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="first">The session of the other machine.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotComparableException">There is no pin to compare with, or it is another one.</exception>
    public async Task<ScenarioRun> ConfirmAsync(Scenario scenario, ScenarioResult first, CancellationToken cancellationToken)
    {
        var yardstick = await _workspace.YardstickAsync(scenario.Name);
        var pin = RequirePin(scenario, yardstick);
        if (pin != first.Pin)
        {
            throw new NotComparableException($"{scenario.Name} was measured against the pin {first.Pin ?? "none"}, and the baseline's is {pin}", "confirm the run of this revision");
        }

        return await JudgeAsync(scenario, ConfirmedAsync, yardstick, yardstick.Notes);

        async Task<ScenarioResult> ConfirmedAsync()
        {
            using var builds = await BuildsAsync(Workspace.CandidateBuild, pin, cancellationToken);
            return first with { Confirmation = await SecondAsync(scenario, yardstick, builds, SuspectsOf(first, yardstick), cancellationToken) };
        }
    }

    /// <summary>Measures one revision against another, so many rounds.</summary>
    public async Task<ScenarioResult> MeasureAsync(Scenario scenario, string candidate, string pin, int rounds, CancellationToken cancellationToken)
    {
        var build = await new PinBuild(_workspace.Root, _workspace.Git).EnsureAsync(candidate, _python, _progress, cancellationToken);
        using var builds = await BuildsAsync(build, pin, cancellationToken);
        return await RoundsAsync(scenario, builds, rounds, cancellationToken);
    }

    /// <summary>Measures a study, so many rounds or as many as it takes by default, and judges its claims.</summary>
    public async Task<StudyRun> RunAsync(Study study, int? rounds, CancellationToken cancellationToken)
    {
        using var builds = Alone();
        var result = await RoundsAsync(study, builds, rounds ?? study.Rounds, cancellationToken);
        var run = new StudyRun(study, result, study.Judge(result));
        _studies.Add(run);
        return run;
    }

    /// <summary>Keeps the run and its report.</summary>
    public async Task<RunResult> SaveAsync()
    {
        var run = await _workspace.DescribeAsync(_id, _loadBefore, _runs.Select(measured => measured.Verdict.Result));
        if (_runs.Count > 0)
        {
            _store.Save(run);
        }

        if (_studies.Count > 0)
        {
            // Beside the result, not in it: a study has no pin, and so nothing that 'latest' or 'compare' could judge.
            RunStore.SaveAs(run with { Scenarios = [.. _studies.Select(study => study.Result)] }, Path.Combine(_store.DirectoryOf(_id), "studies.json"));
        }

        if (!_options.Confirm)
        {
            Suspects.Of(_runs.Select(measured => measured.Verdict)).Save(Suspects.PathIn(_workspace));
        }

        var report = Reporter.Markdown(_workspace, run, _runs, _studies);
        AtomicFile.Write(ReportPath, report);
        if (Environment.GetEnvironmentVariable("GITHUB_STEP_SUMMARY") is { Length: > 0 } summary)
        {
            await File.AppendAllTextAsync(summary, report);
        }

        return run;
    }

    public ValueTask DisposeAsync()
    {
        _log.Dispose();
        _lock.Dispose();
        return ValueTask.CompletedTask;
    }

    private string StagingDirectory => Path.Combine(_workspace.Artifacts, "arms");

    private int SeedOf(Scenario scenario) => _options.Seed ^ scenario.Name.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter));

    private string? PinOf(Yardstick yardstick) => _options.Pin ?? yardstick.Baseline?.Pin;

    private string RequirePin(Scenario scenario, Yardstick yardstick) => PinOf(yardstick) ?? throw new NotComparableException(
        $"{_workspace.BaselineSnapshot(scenario.Name).VerifiedPath} does not exist", "restore it from version control, or make the first one with 'bench pin COMMIT'");

    private async Task<ScenarioResult> MeasureAsync(Scenario scenario, Yardstick yardstick, List<string> notes, CancellationToken cancellationToken)
    {
        try
        {
            return await ComparedAsync(scenario, yardstick, RequirePin(scenario, yardstick), cancellationToken);
        }
        catch (NotComparableException exception)
        {
            // The targets hold without a pin.
            _progress(exception.Message);
            notes.Add(exception.Message);
            using var alone = Alone();
            return await FirstAsync(scenario, yardstick, alone, cancellationToken);
        }
    }

    private async Task<ScenarioRun> JudgeAsync(Scenario scenario, Func<Task<ScenarioResult>> measure, Yardstick yardstick, IReadOnlyList<string> notes)
    {
        ScenarioResult result;
        try
        {
            result = await measure();
        }
        catch (Exception exception) when (exception is SessionException or ArmLostException)
        {
            _progress(exception.Message);
            result = new ScenarioResult(scenario.Name, [], SeedOf(scenario), PinOf(yardstick), [], Failure: exception.Message);
        }

        var run = new ScenarioRun(scenario, ScenarioVerdict.Of(result, yardstick.Baseline, yardstick.Policy), yardstick, notes);
        _runs.Add(run);
        await ProposeAsync(run);
        return run;
    }

    private static List<string> SuspectsOf(ScenarioResult first, Yardstick yardstick) =>
        [.. ScenarioVerdict.Of(first, yardstick.Baseline, yardstick.Policy).Metrics.Where(metric => metric.IsSuspect).Select(metric => metric.Key)];

    private async Task<ScenarioResult> ComparedAsync(Scenario scenario, Yardstick yardstick, string pin, CancellationToken cancellationToken)
    {
        using var builds = await BuildsAsync(Workspace.CandidateBuild, pin, cancellationToken);
        var first = await FirstAsync(scenario, yardstick, builds, cancellationToken);
        var suspects = SuspectsOf(first, yardstick);
        if (suspects.Count == 0 || !_options.Confirm)
        {
            return first;
        }

        _progress($"{scenario.Name}: {string.Join(", ", suspects)} regressed; a second session confirms it or does not");
        return first with { Confirmation = await SecondAsync(scenario, yardstick, builds, suspects, cancellationToken) };
    }

    private Task<ScenarioResult> RoundsAsync(Scenario scenario, Builds builds, int rounds, CancellationToken cancellationToken) =>
        new Session(scenario, builds, _python, _log).RunAsync(
            new SessionPlan(1, SeedOf(scenario), Swap: false, rounds, _ => scenario.Keys),
            result => _progress($"{scenario.Name}: measured {result.Rounds} of {rounds} rounds"),
            cancellationToken);

    private Builds Alone() => new(Staging.Create(StagingDirectory, Workspace.CandidateBuild, pin: null), Pin: null);

    private async Task<Builds> BuildsAsync(string candidate, string pin, CancellationToken cancellationToken)
    {
        if (candidate == Workspace.CandidateBuild && Workspace.Configuration != "Release")
        {
            throw new NotComparableException($"the working tree was built as {Workspace.Configuration}, and pins are built as Release", "build without -c");
        }

        var build = await new PinBuild(_workspace.Root, _workspace.Git).EnsureAsync(pin, _python, _progress, cancellationToken);
        var builds = new Builds(Staging.Create(StagingDirectory, candidate, build), pin);
        if (candidate == Workspace.CandidateBuild && builds.Staging.IsOneBuild() && !await _workspace.Git.HasSourcesOfAsync(pin, "src/Snakepit", "priv/python", "protos"))
        {
            builds.Dispose();
            throw new SessionException($"gate broken: both sides are the same build, although the working tree's sources differ from the pin's. Build again, or remove {build}.");
        }

        return builds;
    }

    /// <summary>Rounds until every metric is decided, or the last look, or the budget is spent. What is decided is measured no further.</summary>
    private async Task<ScenarioResult> FirstAsync(Scenario scenario, Yardstick yardstick, Builds builds, CancellationToken cancellationToken)
    {
        var (began, looks) = (TimeProvider.System.GetTimestamp(), yardstick.Policy.InterimLooks.Rounds);
        var most = _options.Rounds ?? (builds.Pin is null ? looks[0] : looks[^1]);
        var plan = new SessionPlan(1, SeedOf(scenario), Swap: false, most, Wanted) { Fault = _options.Fault };
        _progress($"{scenario.Name}: measuring {(builds.Pin is { } pin ? $"against {pin[..10]}" : "alone")}, seed {plan.Seed}");
        var result = await new Session(scenario, builds, _python, _log).RunAsync(plan, Tell, cancellationToken);
        _spent += TimeProvider.System.GetElapsedTime(began);
        return result;

        HashSet<string> Undecided(ScenarioResult so) =>
            [.. ScenarioVerdict.Of(so, yardstick.Baseline, yardstick.Policy).WithOutcome(MetricOutcome.Inconclusive).Select(metric => metric.Key)];

        IReadOnlySet<string> Wanted(ScenarioResult so) => _options.Rounds is not null || so.Rounds < looks[0] ? scenario.Keys
            : looks.Contains(so.Rounds) && _spent + TimeProvider.System.GetElapsedTime(began) > _options.Budget ? ImmutableHashSet<string>.Empty
            : Undecided(so);

        void Tell(ScenarioResult so)
        {
            var elapsed = TimeProvider.System.GetElapsedTime(began);
            var next = looks.FirstOrDefault(look => look >= so.Rounds, looks[^1]);
            var left = so.Rounds == 0 ? TimeSpan.Zero : elapsed / so.Rounds * ((_options.Rounds ?? next) - so.Rounds);
            var undecided = so.Rounds < looks[0] ? "" : $", {Undecided(so).Count} of {so.Metrics.Count(metric => yardstick.Policy.RuleFor(metric.Key) is not null)} metrics undecided";
            _progress($"{scenario.Name}: {so.Rounds} rounds{undecided}; {left.TotalSeconds:F0} s to the next look, at {_options.Rounds ?? next}");
        }
    }

    /// <summary>Rounds until each suspect is confirmed or cleared, or the last look.</summary>
    private async Task<ScenarioResult> SecondAsync(
        Scenario scenario, Yardstick yardstick, Builds builds, IReadOnlyCollection<string> suspects, CancellationToken cancellationToken)
    {
        var looks = yardstick.Policy.InterimLooks.Rounds;
        var plan = new SessionPlan(2, SeedOf(scenario) ^ OtherSeed, Swap: true, looks[^1], Wanted) { Fault = _options.Fault };
        var result = await new Session(scenario, builds, _python, _log).RunAsync(
            plan, so => _progress($"{scenario.Name}: {so.Rounds} rounds to confirm"), cancellationToken);
        return result with { Metrics = [.. result.Metrics.Where(metric => suspects.Contains(metric.Key))] };

        IReadOnlySet<string> Wanted(ScenarioResult so) =>
            suspects.Where(key => so.Rounds < looks[0] || !Confirmation(so, key, yardstick).IsFinal).ToHashSet();
    }

    private static Judgement Confirmation(ScenarioResult result, string key, Yardstick yardstick) => SequentialTest.Confirm(
        result[key].LogRatios(yardstick.Baseline!.Metrics[key].Ratio), ScenarioVerdict.RuleFor(key, yardstick.Baseline, yardstick.Policy)!, yardstick.Policy.InterimLooks);

    private async Task ProposeAsync(ScenarioRun run)
    {
        if (run.Yardstick.Baseline is not { } baseline || _options.Pin is not null || _options.Fault.Kind != FaultKind.None)
        {
            return; // nothing to propose for, or nothing that anybody would accept
        }

        var snapshot = _workspace.BaselineSnapshot(run.Scenario.Name);
        if (Proposal.Of(run.Verdict, baseline) is { } proposal)
        {
            snapshot.Propose(proposal.With(run.Verdict.Result, await Workspace.MachineAsync()).ToText());
        }
        else
        {
            snapshot.Withdraw(); // what an earlier run proposed may have been of other code
        }
    }
}
