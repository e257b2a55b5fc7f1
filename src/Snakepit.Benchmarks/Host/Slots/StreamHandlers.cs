using System.Diagnostics;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slots that read streams. Each fails if a chunk is lost.</summary>
internal static class StreamHandlers
{
    private const int ShortStream = 2;

    public static async Task<FirstChunkReply> MeasureFirstChunkAsync(HostState state, FirstChunkSlot slot)
    {
        var (pings, firsts) = (new double[slot.Count], new double[slot.Count]);
        for (var i = 0; i < slot.Count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await state.PingAsync();
            pings[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            firsts[i] = (await ReadAsync(state.Pool, ShortStream))[0];
        }

        return new FirstChunkReply { FirstChunkMs = new Sample(firsts).Median, PingMs = new Sample(pings).Median };
    }

    public static async Task<StreamsReply> ReadStreamsAsync(HostState state, StreamsSlot slot)
    {
        var start = Stopwatch.GetTimestamp();
        var streams = await Task.WhenAll(
            Enumerable.Range(0, slot.Streams).Select(_ => Task.Run(() => ReadAsync(state.Pool, slot.Chunks))));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var gaps = streams.SelectMany(times => times.Zip(times.Skip(1), (earlier, later) => later - earlier));
        var chunks = streams.Sum(times => times.Length);
        return new StreamsReply { Rate = chunks / seconds, Calls = chunks, GapP99Ms = new Sample(gaps).Quantile(0.99) };
    }

    public static async Task<SlowReaderReply> PauseAsync(HostState state, SlowReaderSlot slot)
    {
        var (check, held, ahead) = (new ChunkCheck(slot.Chunks), 0L, 0L);
        var (memory, frames) = (LiveBytes(), Frames());
        var stream = state.Pool.StreamAsync<NumberedText>("stream_texts", new { chunks = slot.Chunks, characters = slot.Characters });
        await foreach (var chunk in stream)
        {
            check.Take(chunk.Text.Length == slot.Characters ? chunk.Step : 0);
            if (check.Read == 1)
            {
                await Task.Delay(slot.PauseMs);
                ahead = Frames() - frames - 2; // the frames of the call and of the first chunk
                held = LiveBytes() - memory;
            }
        }

        check.RequireAll();
        return new SlowReaderReply { HeldBytes = held, Ahead = ahead };

        long Frames() => state.Pool.GetStatistics().FramesExchanged;
    }

    /// <summary>Reads a stream to its end, and returns when each chunk came, in milliseconds after the call.</summary>
    private static async Task<double[]> ReadAsync(SnakepitPool pool, int chunks)
    {
        var (start, check, times) = (Stopwatch.GetTimestamp(), new ChunkCheck(chunks), new double[chunks]);
        await foreach (var chunk in pool.StreamAsync<Progress>("stream_progress", new { steps = chunks }))
        {
            check.Take(chunk.Step);
            times[check.Read - 1] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        check.RequireAll();
        return times;
    }

    private static long LiveBytes() => GC.GetTotalMemory(forceFullCollection: true);

    private sealed record Progress(int Step);

    private sealed record NumberedText(int Step, string Text);
}
