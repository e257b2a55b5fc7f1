using System.Globalization;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// Records a run of the performance suite. The run begins when the recorder is created: it then gets its name, and the load of the machine
/// is noted before anything is measured.
/// </summary>
/// <param name="workspace">The repository that is measured.</param>
internal sealed class RunRecorder(Workspace workspace)
{
    private readonly double _loadBefore = ThisMachine.LoadAverage();

    /// <summary>The name of the run, which is the time at which the run began, in UTC.</summary>
    public string Id { get; } = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Returns the run as it is saved: the results of its scenarios, the revision and the machine.</summary>
    public async Task<RunResult> ResultOfAsync(IEnumerable<ScenarioResult> scenarios)
    {
        return new RunResult(
            RunResult.CurrentSchema,
            Id,
            CandidateBuild.Revision,
            await CandidateBuild.HasLocalChangesAsync(workspace.Git),
            await ThisMachine.ProfileAsync(),
            _loadBefore,
            ThisMachine.LoadAverage(),
            [.. scenarios]);
    }
}
