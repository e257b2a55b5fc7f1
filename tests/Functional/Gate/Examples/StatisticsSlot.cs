namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>Measures how long it takes to read the statistics of the pool.</summary>
/// <param name="Count">The number of times that the statistics are read.</param>
[SlotName("statistics")]
internal sealed record StatisticsSlot(int Count) : Slot<StatisticsReply>;

/// <summary>A reply that says how long it takes to read the statistics of a pool.</summary>
internal sealed record StatisticsReply : Reply
{
    /// <summary>The median of the durations, in microseconds.</summary>
    public double MedianUs { get => Get(); init => Set(value); }

    /// <summary>The number of workers in the statistics.</summary>
    public double Workers { get => Get(); init => Set(value); }
}
