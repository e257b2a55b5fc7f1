using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Measures how soon a stream begins, how fast and how evenly chunks come from one stream and from ten at once, and how much memory a
/// reader costs that pauses. If it gets worse, a user sees an answer later, or in jerks, or a slow reader fills the memory.
/// </summary>
internal sealed class StreamsScenario : Scenario
{
    private const int Many = 10, Turns = 6, Pauses = 2;
    private const double Megabyte = 1e6;

    private static readonly FirstChunkSlot First = new(Count: 40);
    private static readonly StreamsSlot One = new(Streams: 1, Chunks: 1_500);
    private static readonly StreamsSlot Ten = new(Many, Chunks: 200);
    private static readonly SlowReaderSlot Slow = new(Chunks: 100, Characters: 100_000, PauseMs: 150);

    private static readonly Reading<List<FirstChunkReply>>[] OfFirst =
    [
        new("streams.first_chunk", "ms", Worse.Higher, "until an answer begins, median",
            replies => replies.Sample(reply => reply.FirstChunkMs).Median) { Cause = Starts },
        new("streams.first_chunk_to_ping", "x", Worse.Higher, "the same / a ping, which ends with its first answer",
            replies => replies.Sample(reply => reply.FirstChunkMs / reply.PingMs).Median) { Cause = Starts },
        new("streams.ping", "ms", Worse.Higher, "a ping between the streams, median",
            replies => replies.Sample(reply => reply.PingMs).Median),
    ];

    private static readonly Reading<List<StreamsReply>>[] OfOne = OfStreams("streams.1", "one stream");

    private static readonly Reading<List<StreamsReply>>[] OfTen = OfStreams($"streams.{Many}", $"{Many} streams at once");

    private static readonly Reading<List<SlowReaderReply>>[] OfSlow =
    [
        new("streams.slow.memory", "MB", Worse.Higher, "kept by the .NET process while a reader of 100 kB chunks pauses",
            replies => replies.Average(reply => reply.HeldBytes) / Megabyte) { Cause = FlowControl },
        new("streams.slow.ahead", "chunks", Worse.Higher, "that come while the reader pauses",
            replies => replies.Average(reply => reply.Ahead)) { Cause = FlowControl },
    ];

    private const string Starts = "the start of a stream";
    private const string FlowControl = "flow control";

    public override string Name => "Streams";

    public override string Description => $"the first chunk, chunks per second and pauses between, 1 and {Many} streams; a slow reader";

    public override bool IsSettled => true;

    public override IReadOnlyList<Reading> Readings { get; } = [.. OfFirst, .. OfOne, .. OfTen, .. OfSlow];

    public override async Task MeasureAsync(Round round)
    {
        await round.TogetherAsync(new StartToolsSlot(Many));
        await round.WarmUpAsync(First with { Count = 200 }, OfFirst);
        await round.WarmUpAsync(Ten with { Chunks = 500 }, [.. OfOne, .. OfTen]);
        await round.WarmUpAsync(Slow, OfSlow);
        await round.InAnyOrderAsync(
            () => round.RecordAsync(Turns, First, OfFirst),
            () => round.RecordAsync(Turns, One, OfOne),
            () => round.RecordAsync(Turns, Ten, OfTen),
            () => round.RecordAsync(Pauses, Slow, OfSlow));
    }

    private static Reading<List<StreamsReply>>[] OfStreams(string name, string what) =>
    [
        new($"{name}.rate", "chunks/s", Worse.Lower, what, replies => replies.Rate()) { Cause = "the cost of a chunk" },
        new($"{name}.gap.p99", "ms", Worse.Higher, $"between two chunks, {what}, 99th percentile, geometric mean of the slots",
            replies => replies.Sample(reply => reply.GapP99Ms).GeometricMean) { Cause = "jerks" },
    ];
}
