using System.Text.Json.Serialization;

namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>Measures the memory of the host, the template and the workers of the running pool, idle or under load.</summary>
/// <param name="Callers">The number of callers that send pings meanwhile; 0 to measure the pool while it is idle.</param>
/// <param name="Milliseconds">The time for which the callers send pings before the memory is measured, in milliseconds.</param>
[SlotName("memory.use")]
internal sealed record MemoryUseSlot(int Callers = 0, int Milliseconds = 0) : Slot<MemoryUseReply>;

/// <summary>A reply that says how much memory is in use, in megabytes.</summary>
internal sealed record MemoryUseReply : Reply
{
    /// <summary>The mean proportional set size (PSS) of the workers: own memory and a share of what is shared.</summary>
    public double WorkerPss { get => Get(); init => Set(value); }

    /// <summary>The mean resident set size (RSS) of the workers: own memory and everything that is shared.</summary>
    public double WorkerRss { get => Get(); init => Set(value); }

    /// <summary>The proportional set size (PSS) of the template.</summary>
    public double TemplatePss { get => Get(); init => Set(value); }

    /// <summary>The resident set size (RSS) of the template.</summary>
    public double TemplateRss { get => Get(); init => Set(value); }

    /// <summary>The objects of the host process that are in use, after a garbage collection.</summary>
    public double HostHeap { get => Get(); init => Set(value); }

    /// <summary>The working set of the host process, before that garbage collection.</summary>
    public double HostWorkingSet { get => Get(); init => Set(value); }
}

/// <summary>
/// Starts a pool for <see cref="GrowthSlot"/>. Python takes all memory from <c>malloc</c> there, which is slower, but counts every byte.
/// </summary>
/// <param name="Workers">The number of workers.</param>
[SlotName("start.growth")]
internal sealed record StartGrowthSlot(int Workers) : Slot<EmptyReply>;

/// <summary>
/// Makes calls in batches with a single caller, and measures how much more memory is in use on both sides after each. Needs the pool of
/// <see cref="StartGrowthSlot"/>. It fails if a worker has other open files or threads than before, and names them.
/// </summary>
/// <param name="Load">What is called.</param>
/// <param name="Batches">The number of batches, which follow one that is not measured.</param>
/// <param name="Count">The number of calls in each batch.</param>
[SlotName("memory.growth")]
internal sealed record GrowthSlot([property: JsonPropertyName("kind")] GrowthLoad Load, int Batches, int Count) : Slot<GrowthReply>;

/// <summary>What is called while the growth of memory is measured.</summary>
internal enum GrowthLoad
{
    /// <summary>A ping.</summary>
    [JsonStringEnumMemberName("pings")]
    Pings,

    /// <summary>
    /// One of everything, which counts as one call: a ping, a text there and back, an array in shared memory, a stream, a session that is
    /// opened, called and closed, and a call from Python to .NET.
    /// </summary>
    [JsonStringEnumMemberName("mixed")]
    Mixed,
}

/// <summary>A reply that says how many bytes each call has left in use. The true growth is above a bound in 2.5 % of all cases.</summary>
internal sealed record GrowthReply : Reply
{
    /// <summary>The growth of the objects of the host process, in bytes per call.</summary>
    public double Host { get => Get(); init => Set(value); }

    /// <summary>The upper bound of the growth of the host, in bytes per call.</summary>
    public double HostUpper { get => Get(); init => Set(value); }

    /// <summary>The growth of what all workers together have allocated, in bytes per call.</summary>
    public double Workers { get => Get(); init => Set(value); }

    /// <summary>The upper bound of the growth of the workers, in bytes per call.</summary>
    public double WorkersUpper { get => Get(); init => Set(value); }

    /// <summary>The number of open files of a worker, before the load and after it.</summary>
    public double WorkerDescriptors { get => Get(); init => Set(value); }

    /// <summary>The number of threads of a worker, before the load and after it.</summary>
    public double WorkerThreads { get => Get(); init => Set(value); }

    /// <summary>The number of open files of the host after the load.</summary>
    public double HostDescriptors { get => Get(); init => Set(value); }

    /// <summary>The number of threads of the host after the load.</summary>
    public double HostThreads { get => Get(); init => Set(value); }
}
