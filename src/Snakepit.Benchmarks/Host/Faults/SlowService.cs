namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>Every ping uses more CPU time in the worker.</summary>
/// <param name="amount">Microseconds.</param>
internal sealed class SlowService(double amount) : AdapterFault("slow_service:SlowService", amount);
