using System.Globalization;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>A run that begins now: gives it a name, and notes the load of the machine before anything is measured.</summary>
/// <param name="workspace">The repository that is measured.</param>
internal sealed class RunRecorder(Workspace workspace)
{
    private readonly double _loadBefore = ThisMachine.LoadAverage();

    /// <summary>The name of the run: the time at which it began.</summary>
    public string Id { get; } = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The run with what was measured, the revision and the machine.</summary>
    public async Task<RunResult> ResultOfAsync(IEnumerable<ScenarioResult> scenarios)
    {
        var commit = await workspace.Git.HeadAsync();
        return new RunResult(
            RunResult.CurrentSchema,
            Id,
            commit,
            commit.Length > 0 && await workspace.Git.IsDirtyAsync(),
            await ThisMachine.ProfileAsync(),
            _loadBefore,
            ThisMachine.LoadAverage(),
            [.. scenarios]);
    }
}
