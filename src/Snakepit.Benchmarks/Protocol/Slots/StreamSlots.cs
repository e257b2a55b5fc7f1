using System.Text.Json.Serialization;

namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>Makes pings and starts streams in turns with a single caller, and measures how soon each has its first answer.</summary>
/// <param name="Count">The number of pings, which is also the number of streams.</param>
[SlotName("stream.first")]
internal sealed record FirstChunkSlot(int Count) : Slot<FirstChunkReply>;

/// <summary>A reply that says how soon the first chunk of a stream comes, and how long a ping takes beside it.</summary>
internal sealed record FirstChunkReply : Reply
{
    /// <summary>The median time from the call to the first chunk, in milliseconds.</summary>
    public double FirstChunkMs { get => Get(); init => Set(value); }

    /// <summary>The median duration of a ping, in milliseconds.</summary>
    public double PingMs { get => Get(); init => Set(value); }
}

/// <summary>Reads several streams at the same time, each from the call to its end.</summary>
/// <param name="Streams">The number of streams. Each needs a worker of its own.</param>
/// <param name="Chunks">The number of chunks of each stream.</param>
[SlotName("streams")]
internal sealed record StreamsSlot(int Streams, [property: JsonPropertyName("count")] int Chunks) : Slot<StreamsReply>;

/// <summary>A reply that contains the number and the rate of the chunks of all streams together, and the time between chunks.</summary>
internal sealed record StreamsReply : Reply, IRate
{
    public double Rate { get => Get(); init => Set(value); }

    public double Calls { get => Get(); init => Set(value); }

    /// <summary>The 99th percentile of the time between two chunks of a stream, in milliseconds.</summary>
    public double GapP99Ms { get => Get(); init => Set(value); }
}

/// <summary>
/// Reads the first chunk of a stream, pauses, and measures how much of the stream the host keeps meanwhile. Then reads the rest of the
/// stream. Needs the pool of <see cref="StartToolsSlot"/>.
/// </summary>
/// <param name="Chunks">The number of chunks of the stream.</param>
/// <param name="Characters">The length of the text in each chunk.</param>
/// <param name="PauseMs">The duration of the pause, in milliseconds.</param>
[SlotName("stream.slow")]
internal sealed record SlowReaderSlot(
    [property: JsonPropertyName("count")] int Chunks, int Characters, int PauseMs) : Slot<SlowReaderReply>;

/// <summary>A reply that says what a reader that pauses costs.</summary>
internal sealed record SlowReaderReply : Reply
{
    /// <summary>The memory that the host process keeps for the stream during the pause, in bytes.</summary>
    public double HeldBytes { get => Get(); init => Set(value); }

    /// <summary>The number of frames that have come to the host ahead of the reader, each with a chunk.</summary>
    public double Ahead { get => Get(); init => Set(value); }
}
