namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>One ping in a hundred sleeps in the worker.</summary>
/// <param name="amount">Milliseconds.</param>
internal sealed class SlowTail(double amount) : AdapterFault("slow_tail:SlowTail", amount);
