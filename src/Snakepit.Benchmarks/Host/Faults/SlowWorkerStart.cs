namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>Every worker uses more CPU time after its fork, before it takes calls.</summary>
/// <param name="amount">Milliseconds.</param>
internal sealed class SlowWorkerStart(double amount) : AdapterFault("slow_worker_start:SlowWorkerStart", amount);
