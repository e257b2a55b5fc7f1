namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>Disposes the pool, and measures how long that takes.</summary>
[SlotName("stop")]
internal sealed record StopSlot : Slot<DurationReply>;

/// <summary>Starts the template that warm starts fork from, and measures how long that takes.</summary>
/// <param name="Workers">How many workers will be forked from it at most.</param>
[SlotName("template")]
internal sealed record TemplateSlot(int Workers) : Slot<DurationReply>;

/// <summary>Starts one worker after another, each with an interpreter of its own, and measures the whole.</summary>
/// <param name="Workers">How many workers.</param>
[SlotName("sequential")]
internal sealed record SequentialStartsSlot(int Workers) : Slot<DurationReply>;

/// <summary>Measures the memory of the pool's workers.</summary>
[SlotName("memory")]
internal sealed record MemorySlot : Slot<MemoryReply>;

/// <summary>How long something took.</summary>
internal sealed record DurationReply : Reply
{
    /// <summary>Milliseconds.</summary>
    public double Ms { get => Get(); init => Set(value); }
}

/// <summary>The memory of a worker.</summary>
internal sealed record MemoryReply : Reply
{
    /// <summary>The mean of the workers' proportional set sizes (PSS), in megabytes.</summary>
    public double Megabytes { get => Get(); init => Set(value); }
}
