using Snakepit.Benchmarks.Arms;

namespace Snakepit.Benchmarks.Validation;

/// <summary>Measures, in a fresh host without a fault, what something costs on this machine.</summary>
internal delegate Task<double> CostMeasurement(Arm arm, CancellationToken cancellationToken);

/// <summary>
/// How large a fault is, in the unit of its kind: either a fixed amount, or a share of a cost that is measured on this machine before the
/// sessions.
/// </summary>
/// <param name="Factor">The amount, or the share.</param>
/// <param name="Cost">The cost; null for a fixed amount.</param>
internal sealed record FaultSize(double Factor, CostMeasurement? Cost = null);
