namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>
/// A fault: the adapter uses additional CPU time to prepare itself. The template process runs this preparation once, before it forks
/// workers.
/// </summary>
/// <param name="amount">The additional CPU time of the preparation, in milliseconds.</param>
internal sealed class SlowPreparation(double amount) : AdapterFault("slow_preparation:SlowPreparation", amount);
