namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: every worker uses additional CPU time after it was forked and before it accepts calls.</summary>
/// <param name="amount">The additional CPU time for each worker, in milliseconds.</param>
internal sealed class SlowWorkerStart(double amount) : AdapterFault("slow_worker_start:SlowWorkerStart", amount);
