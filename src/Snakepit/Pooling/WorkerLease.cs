using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>A place for one call on a worker. It is occupied until it is returned to the pool.</summary>
/// <param name="Worker">The worker that runs the call.</param>
/// <param name="IsHome">Whether that worker keeps the state of the call's session.</param>
internal readonly record struct WorkerLease(PythonWorker Worker, bool IsHome);
