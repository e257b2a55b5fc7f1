using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// Measures scenarios side by side with their pins, judges them, and keeps the results under <c>artifacts/performance</c>. Until the gate
/// is disposed of, it makes other performance suites and functional tests on this machine wait.
/// </summary>
internal sealed class PerformanceGate : IAsyncDisposable
{
    private readonly Workspace _workspace;
    private readonly GateOptions _options;
    private readonly Action<string> _progress;
    private readonly QuietMachine _machine;
    private readonly RunSaving _saving;
    private readonly RunRecorder _recorder;
    private readonly RoundLog _log;
    private readonly BuildPreparation _builds;
    private readonly SessionRunner _sessions;
    private readonly List<ScenarioRun> _runs = [];
    private readonly List<StudyRun> _studies = [];

    private PerformanceGate(
        Workspace workspace,
        GateOptions options,
        Action<string> progress,
        QuietMachine machine,
        string python,
        MachineProfile profile)
    {
        (_workspace, _options, _progress, _machine) = (workspace, options, progress, machine);
        _recorder = new RunRecorder(profile);
        _saving = new RunSaving(workspace, options, _recorder.Id, progress);
        _log = new RoundLog(_saving.RawDataPath, progress);
        _builds = new BuildPreparation(workspace, python, progress, options.Candidate);
        _sessions = new SessionRunner(options, python, _log, progress, Path.Combine(workspace.Artifacts, "samples"));
        Explainer = new Explainer(workspace, _builds, _sessions, _saving, options, python);
    }

    /// <summary>The scenarios measured so far.</summary>
    public IReadOnlyList<ScenarioRun> Runs => _runs;

    /// <summary>The studies measured so far.</summary>
    public IReadOnlyList<StudyRun> Studies => _studies;

    /// <summary>Finds out why a metric is worse than the pin's.</summary>
    public Explainer Explainer { get; }

    /// <summary>The path of the file to which <see cref="Save"/> writes the report.</summary>
    public string ReportPath => _saving.ReportPath;

    /// <summary>Opens the gate as soon as no other performance suite and no functional test runs on this machine.</summary>
    /// <param name="workspace">The repository.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="progress">Called with lines of text that say what happens.</param>
    /// <param name="cancellationToken">Cancels the wait for what else runs.</param>
    public static async Task<PerformanceGate> OpenAsync(
        Workspace workspace, GateOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        var (python, profile) = (await ThisMachine.PythonAsync(), await ThisMachine.ProfileAsync());
        var machine = await QuietMachine.TakeAsync(workspace.Artifacts, progress, cancellationToken);
        try
        {
            JobSummary.Current(progress).Check();
            return new PerformanceGate(workspace, options, progress, machine, python, profile);
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Measures and judges a scenario, and proposes a new baseline if something differs from what was accepted. If the measurement fails,
    /// the method does not throw. It returns a result that holds the failure, so that the report shows it.
    /// </summary>
    /// <exception cref="UnreadableFileException">The policy or the baseline cannot be read.</exception>
    public async Task<ScenarioRun> RunAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        var criteria = await Criteria.LoadAsync(_workspace, scenario.Name);
        criteria = criteria.For(PinOf(criteria), scenario.Name, scenario.Metrics);
        var notes = criteria.Notes.ToList();
        return await JudgeAsync(scenario, criteria, notes, MeasureAsync, cancellationToken);

        async Task<ScenarioResult> MeasureAsync()
        {
            if (criteria.IsNew && PinOf(criteria) is null)
            {
                return await AloneAsync(
                    $"{scenario.Name} is new: it has no baseline yet, so its values are told and only limits are judged. "
                    + $"To have it judged: bench pin COMMIT {scenario.Name} --reason \"why\".");
            }

            try
            {
                using var builds = await _builds.CandidateAndPinAsync(RequirePin(scenario, criteria), cancellationToken);
                builds.Inject(_options.Fault);
                notes.AddRange(builds.Notes);
                var first = await _sessions.FirstAsync(scenario, criteria, builds, cancellationToken);
                return _options.Confirm ? await WithConfirmationAsync(scenario, criteria, builds, first, cancellationToken) : first;
            }
            catch (NotComparableException exception)
            {
                return await AloneAsync(exception.Message);
            }
        }

        // Without a pin no ratio can be judged, but targets in milliseconds can, so the candidate is measured alone.
        async Task<ScenarioResult> AloneAsync(string why)
        {
            _progress(why);
            notes.Add(why);
            using var alone = await _builds.CandidateAloneAsync();
            return await _sessions.FirstAsync(scenario, criteria, alone, cancellationToken);
        }
    }

    /// <summary>Measures the second session of a scenario whose first session ran on another machine, and judges both together.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="first">The result of the session on the other machine.</param>
    /// <param name="sources">The checksum of the sources that the first session has measured.</param>
    /// <param name="cancellationToken">Stops the measurement.</param>
    /// <exception cref="NotComparableException">
    /// There is no pin, the first session has measured something else, or no metric of it is suspect any more.
    /// </exception>
    public async Task<ScenarioRun> ConfirmAsync(
        Scenario scenario, ScenarioResult first, string sources, CancellationToken cancellationToken)
    {
        var criteria = await Criteria.LoadAsync(_workspace, scenario.Name);
        var pin = RequirePin(scenario, criteria);
        if (pin != first.Pin)
        {
            throw new NotComparableException(
                $"{scenario.Name} was measured against the pin {first.Pin ?? "none"}, and the baseline's is {pin}",
                "confirm the run of this revision");
        }

        if (BuiltSources.Read(CandidateBuild.Directory, CandidateBuild.RepositoryRoot).Checksum != sources)
        {
            throw new NotComparableException(
                $"the first session of {scenario.Name} has measured other sources than those that are built here",
                "check out and build the revision that was measured");
        }

        if (criteria.SuspectsOf(first).Count == 0)
        {
            throw new NotComparableException(
                $"by the policy and the baseline that count now, no metric of {scenario.Name} is suspect, so there is nothing to confirm",
                "measure it anew: bench run");
        }

        var notes = criteria.Notes.ToList();
        return await JudgeAsync(scenario, criteria, notes, async () =>
        {
            using var builds = await _builds.CandidateAndPinAsync(pin, cancellationToken);
            notes.AddRange(builds.Notes);
            return await WithConfirmationAsync(scenario, criteria, builds, first, cancellationToken);
        }, cancellationToken);
    }

    /// <summary>Measures a fixed number of rounds of one commit against another.</summary>
    public async Task<ScenarioResult> MeasureAsync(
        Scenario scenario, string candidate, string pin, int rounds, CancellationToken cancellationToken)
    {
        using var builds = await _builds.TwoCommitsAsync(candidate, pin, cancellationToken);
        foreach (var note in builds.Notes)
        {
            _progress(note);
        }

        return await _sessions.FixedAsync(scenario, builds, rounds, cancellationToken);
    }

    /// <summary>Measures a study and judges its claims.</summary>
    /// <param name="study">The study.</param>
    /// <param name="rounds">How many rounds to measure; null for the study's default.</param>
    /// <param name="cancellationToken">Stops the measurement.</param>
    public async Task<StudyRun> RunAsync(Study study, int? rounds, CancellationToken cancellationToken)
    {
        using var builds = await _builds.CandidateAloneAsync();
        var result = await _sessions.StudyAsync(study, builds, rounds, cancellationToken);
        var run = new StudyRun(study, result, study.Judge(result));
        _studies.Add(run);
        return run;
    }

    /// <summary>Returns the results of the scenarios measured so far, with what was measured and the machine.</summary>
    public RunResult Result() => _recorder.ResultOf(_builds.Measured, _runs.Select(measured => measured.Verdict.Result));

    /// <summary>Returns results that <see cref="MeasureAsync"/> has given, as a run of the commit that was the candidate.</summary>
    public RunResult ResultOf(string commit, IEnumerable<ScenarioResult> results) =>
        _recorder.ResultOf(MeasuredBuild.None with { Commit = commit }, results);

    /// <summary>
    /// Writes the results of the run and its report to files, each on its own, and tells which of them were written. May be called again
    /// after further measurements.
    /// </summary>
    public OutputFiles Save(RunResult run) => _saving.Save(run, _runs, _studies, _builds.Measured.Sources);

    /// <summary>In GitHub Actions, adds the report to the summary of the job. To be called once, after the last measurement.</summary>
    public void AddToJobSummary(RunResult run) => _saving.AddToJobSummary(run, _runs, _studies);

    public ValueTask DisposeAsync()
    {
        _log.Dispose();
        _machine.Dispose();
        return ValueTask.CompletedTask;
    }

    private string? PinOf(Criteria criteria) => _options.Pin ?? criteria.Baseline?.Pin;

    private string RequirePin(Scenario scenario, Criteria criteria) => PinOf(criteria) ?? throw new NotComparableException(
        $"{_workspace.BaselineSnapshot(scenario.Name).VerifiedPath} does not exist",
        "restore it from version control, or make the first one with 'bench pin COMMIT'");

    private async Task<ScenarioResult> WithConfirmationAsync(
        Scenario scenario, Criteria criteria, Builds builds, ScenarioResult first, CancellationToken cancellationToken)
    {
        var suspects = criteria.SuspectsOf(first);
        if (suspects.Count == 0)
        {
            return first;
        }

        _progress($"{scenario.Name}: {string.Join(", ", suspects)} regressed; a second session confirms it or does not");
        return first with { Confirmation = await _sessions.SecondAsync(scenario, criteria, builds, suspects, cancellationToken) };
    }

    private async Task<ScenarioRun> JudgeAsync(
        Scenario scenario,
        Criteria criteria,
        List<string> notes,
        Func<Task<ScenarioResult>> measure,
        CancellationToken cancellationToken)
    {
        ScenarioResult result;
        try
        {
            result = await measure();
        }
        catch (Exception exception) when (exception is SessionException or ArmLostException or IOException or UnauthorizedAccessException)
        {
            _progress(exception.Message);
            result = new ScenarioResult(scenario.Name, [], _options.Seed, PinOf(criteria), [], Failure: exception.Message);
        }

        var run = new ScenarioRun(scenario, criteria.Judge(result), criteria, notes);
        notes.AddRange(criteria.NotesOn(run.Verdict));
        if (_options.Explains && run.Verdict.Result is { Confirmation: not null, Pin: { } pin }
            && run.Verdict.Regressed.FirstOrDefault(metric => metric.Outcome == MetricOutcome.Regressed) is { } worst)
        {
            _progress($"{scenario.Name}: {worst.Key} has regressed; profiling both sides to find out why");
            run = run with { Why = await Explainer.ExplainRegressionAsync(scenario, pin, worst.Key, cancellationToken) };
        }

        _runs.Add(run);
        try
        {
            Propose(run);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The verdict holds whether or not its proposal can be written.
            _progress(exception.Message);
            notes.Add($"The proposed baseline of {scenario.Name} could not be written: {exception.Message}");
        }

        return run;
    }

    /// <summary>Writes the proposed baseline of a scenario (its received file), or removes the one that an earlier run left.</summary>
    private void Propose(ScenarioRun run)
    {
        if (run.Criteria.Baseline is not { } baseline || _options.Pin is not null || _options.Fault != Fault.None)
        {
            return; // Ratios to a pin that is not the baseline's, or of a candidate with an injected fault, must never be accepted.
        }

        var snapshot = _workspace.BaselineSnapshot(run.Scenario.Name);
        if (Proposal.Of(run.Verdict, baseline, run.Scenario.Keys) is { } proposal)
        {
            proposal = proposal.With(run.Verdict.Result, _recorder.Machine);
            snapshot.Propose((proposal with { Sources = _builds.Measured.Sources, Basis = baseline.ToChecksum() }).ToText());
        }
        else
        {
            snapshot.Withdraw();
        }
    }
}
