namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>The adapter's preparation, which the template runs before it forks workers, uses more CPU time.</summary>
/// <param name="amount">Milliseconds.</param>
internal sealed class SlowPreparation(double amount) : AdapterFault("slow_preparation:SlowPreparation", amount);
