namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: one ping in a hundred, chosen at random, sleeps in the worker.</summary>
/// <param name="amount">The duration of the sleep, in milliseconds.</param>
internal sealed class SlowTail(double amount) : AdapterFault("slow_tail:SlowTail", amount);
