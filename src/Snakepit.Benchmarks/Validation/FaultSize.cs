using Snakepit.Benchmarks.Arms;

namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// Measures what an operation costs on this machine, such as the microseconds of a call, in a new host process without an injected fault.
/// </summary>
internal delegate Task<double> CostMeasurement(Arm arm, CancellationToken cancellationToken);

/// <summary>
/// The size of an injected fault, in the unit of its kind of fault. It is either a fixed amount, or a share of a cost that is measured on
/// this machine before the sessions.
/// </summary>
/// <param name="Factor">The fixed amount, or the share of the cost (0.25 for 25 %).</param>
/// <param name="Cost">Measures the cost; null for a fixed amount.</param>
internal sealed record FaultSize(double Factor, CostMeasurement? Cost = null);
