namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>Measures how long it takes to read the statistics of the pool.</summary>
/// <param name="Count">How many times they are read.</param>
[SlotName("statistics")]
internal sealed record StatisticsSlot(int Count) : Slot<StatisticsReply>;

/// <summary>How long it takes to read the statistics of a pool.</summary>
internal sealed record StatisticsReply : Reply
{
    /// <summary>The median, in microseconds.</summary>
    public double MedianUs { get => Get(); init => Set(value); }

    /// <summary>How many workers the statistics were of.</summary>
    public double Workers { get => Get(); init => Set(value); }
}
