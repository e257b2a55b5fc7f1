namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: every ping keeps memory of the worker in use for ever.</summary>
/// <param name="amount">The memory that each ping keeps, in bytes; at least the size of an empty <c>bytes</c>.</param>
internal sealed class WorkerLeak(double amount) : AdapterFault("worker_leak:WorkerLeak", amount);
