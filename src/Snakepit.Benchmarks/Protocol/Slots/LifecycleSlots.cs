namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>Disposes the running pool, and measures how long the disposal takes.</summary>
[SlotName("stop")]
internal sealed record StopSlot : Slot<DurationReply>;

/// <summary>
/// Starts the template, a process that has imported the adapter and from which warm starts fork workers. Measures how long the start takes.
/// </summary>
/// <param name="Workers">The largest number of workers that a pool will fork from the template.</param>
[SlotName("template")]
internal sealed record TemplateSlot(int Workers) : Slot<DurationReply>;

/// <summary>Starts workers one after another, each in a new Python interpreter, and measures how long all starts take together.</summary>
/// <param name="Workers">The number of workers.</param>
[SlotName("sequential")]
internal sealed record SequentialStartsSlot(int Workers) : Slot<DurationReply>;

/// <summary>Measures the memory of the workers of the running pool.</summary>
[SlotName("memory")]
internal sealed record MemorySlot : Slot<MemoryReply>;

/// <summary>A reply that contains one duration.</summary>
internal sealed record DurationReply : Reply
{
    /// <summary>The duration, in milliseconds.</summary>
    public double Ms { get => Get(); init => Set(value); }
}

/// <summary>A reply that contains the memory of a typical worker.</summary>
internal sealed record MemoryReply : Reply
{
    /// <summary>The mean proportional set size (PSS) of the workers, in megabytes.</summary>
    public double Megabytes { get => Get(); init => Set(value); }
}
