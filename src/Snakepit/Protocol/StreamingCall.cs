using System.Threading.Channels;
using Google.Protobuf;

namespace Snakepit.Protocol;

/// <summary>
/// A call that answers with chunks. The reader of frames never waits for a consumer: credit bounds what can pile up here, and with it how far
/// the generator runs ahead.
/// </summary>
internal sealed class StreamingCall(string tool, int buffer) : PendingCall(tool)
{
    private readonly Channel<ByteString> _chunks =
        Channel.CreateUnbounded<ByteString>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private int _consumed;
    private int _credit = buffer;

    /// <summary>Chunks that the worker may send before it hears more.</summary>
    public int Credit { get; } = buffer;

    /// <summary>A chunk has arrived.</summary>
    /// <exception cref="BadFrameException">The worker had no credit for it.</exception>
    public void AddChunk(ByteString chunk)
    {
        if (Interlocked.Decrement(ref _credit) < 0)
        {
            throw new BadFrameException($"tool '{Tool}' sends more chunks than the {Credit} that its caller has room for.");
        }

        _chunks.Writer.TryWrite(chunk);
    }

    /// <summary>The next chunk; null at the end of the stream.</summary>
    public async ValueTask<ByteString?> ReadAsync()
    {
        while (await _chunks.Reader.WaitToReadAsync())
        {
            if (_chunks.Reader.TryRead(out var chunk))
            {
                return chunk;
            }
        }

        return null;
    }

    /// <summary>A chunk has been consumed: how much credit to grant now. Half a buffer at a time keeps frames few and the generator busy.</summary>
    public int Replenish()
    {
        var batch = Math.Max(1, Credit / 2);
        if (++_consumed < batch)
        {
            return 0;
        }

        _consumed = 0;
        Interlocked.Add(ref _credit, batch);
        return batch;
    }

    protected override void Tell(ByteString? result, Exception? failure, bool here) => _chunks.Writer.TryComplete(failure);
}
