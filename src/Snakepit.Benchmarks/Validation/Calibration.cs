using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;

namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// Measures how large an injected fault has to be on this machine. The size of a fault is often a share of a cost, such as 25 % of the time
/// of a call, so the cost must be measured first. Each cost is measured once, when the first trial needs it.
/// </summary>
/// <param name="progress">Called with a line of text before a measurement.</param>
internal sealed class Calibration(Action<string> progress)
{
    private readonly Dictionary<CostMeasurement, double> _costs = [];

    /// <summary>Returns the fault of a trial, with its size for this machine.</summary>
    public async Task<Fault> FaultOfAsync(Trial trial, CancellationToken cancellationToken)
    {
        if (trial.Fault is null)
        {
            return Fault.None;
        }

        var cost = trial.Size?.Cost is { } measurement ? await CostAsync(measurement, cancellationToken) : 1;
        return new Fault(trial.Fault, (trial.Size?.Factor ?? 0) * cost);
    }

    private async Task<double> CostAsync(CostMeasurement measurement, CancellationToken cancellationToken)
    {
        if (!_costs.TryGetValue(measurement, out var cost))
        {
            progress("calibrating");
            using var quiet = await QuietMachine.TakeAsync(Workspace.Current.Artifacts, progress, cancellationToken);
            var python = await ThisMachine.PythonAsync();
            await using var arm = await Arm.StartAsync(Side.Candidate, CandidateBuild.Directory, python, settled: true, cancellationToken);
            cost = _costs[measurement] = await measurement(arm, cancellationToken);
        }

        return cost;
    }
}
