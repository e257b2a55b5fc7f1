using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>A place on a worker, for one call.</summary>
/// <param name="Worker">Who runs the call.</param>
/// <param name="IsHome">Whether that worker keeps the state of the call's session.</param>
internal readonly record struct WorkerLease(PythonWorker Worker, bool IsHome);
