namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: every ping uses additional CPU time in the worker.</summary>
/// <param name="amount">The additional CPU time for each ping, in microseconds.</param>
internal sealed class SlowService(double amount) : AdapterFault("slow_service:SlowService", amount);
