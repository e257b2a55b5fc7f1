using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>A slot on a worker, for one call.</summary>
/// <param name="Worker">The worker that runs the call.</param>
/// <param name="IsHome">True if that worker keeps the state of the call's session.</param>
internal readonly record struct WorkerLease(PythonWorker Worker, bool IsHome);
