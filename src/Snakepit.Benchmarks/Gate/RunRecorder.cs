using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// Records a run of the performance suite. The run begins when the recorder is created: it then gets its name, and the load of the machine
/// is noted before anything is measured.
/// </summary>
/// <param name="machine">
/// The machine on which the suite runs. It is described before anything is measured, when a failure costs nothing.
/// </param>
internal sealed class RunRecorder(MachineProfile machine)
{
    private readonly double _loadBefore = ThisMachine.LoadAverage();

    /// <summary>The name of the run, which is the time at which the run began, in UTC.</summary>
    public string Id { get; } = RunResult.IdAt(TimeProvider.System.GetUtcNow());

    /// <summary>The machine on which the suite runs.</summary>
    public MachineProfile Machine => machine;

    /// <summary>Returns the run as it is saved: the results of its scenarios, what was measured, and the machine.</summary>
    public RunResult ResultOf(MeasuredBuild measured, IEnumerable<ScenarioResult> scenarios) => new(
        RunResult.CurrentSchema,
        Id,
        measured.Commit,
        measured.HasLocalChanges,
        machine,
        _loadBefore,
        ThisMachine.LoadAverage(),
        [.. scenarios]);
}
