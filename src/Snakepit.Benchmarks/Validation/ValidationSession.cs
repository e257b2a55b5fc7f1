using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Validation;

/// <summary>Measures and judges one session of a trial at a time.</summary>
/// <param name="workspace">The repository.</param>
/// <param name="commit">The commit that both sides are built from.</param>
/// <param name="progress">Called with lines of text that say what happens.</param>
internal sealed class ValidationSession(Workspace workspace, string commit, Action<string> progress)
{
    private readonly Calibration _calibration = new(progress);

    /// <summary>Runs one session of a trial.</summary>
    /// <exception cref="NotComparableException">Another commit was checked out or built during the session.</exception>
    public async Task<TrialOutcome> RunAsync(ScenarioTrials scenario, Trial trial, CancellationToken cancellationToken)
    {
        var fault = await _calibration.FaultOfAsync(trial, cancellationToken);
        var options = new GateOptions
        {
            Pin = commit,
            Fault = fault,
            EndsWithRegression = !trial.IsIdentical,
            Store = new RunStore(Path.Combine(workspace.Artifacts, "validation")),
        };
        await using var gate = await PerformanceGate.OpenAsync(workspace, options, progress, cancellationToken);
        using var neighbour = trial.IsLoaded ? new BusyCore() : null;
        var start = TimeProvider.System.GetTimestamp();
        var measured = await gate.RunAsync(scenario.Scenario, cancellationToken);
        var run = gate.Result();
        foreach (var problem in gate.Save(run).Problems)
        {
            progress(problem); // the outcome goes into the record of the validation, which does not need these files
        }

        await IdenticalSides.RequireStillAsync(workspace, commit);
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        return TrialOutcome.Of(trial, measured.Verdict, fault.Amount, commit, run.Machine.Key, elapsed);
    }
}
