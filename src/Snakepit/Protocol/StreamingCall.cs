using System.Threading.Channels;
using Google.Protobuf;

namespace Snakepit.Protocol;

/// <summary>
/// A call that is answered with a stream of chunks. Chunks queue here until the consumer takes them, so the thread that reads frames never
/// waits for a consumer. Credit bounds this queue: the worker may send only as many chunks as it has been granted.
/// </summary>
internal sealed class StreamingCall(string tool, int buffer) : PendingCall(tool)
{
    private readonly Channel<ByteString> _chunks =
        Channel.CreateUnbounded<ByteString>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private int _consumed;
    private int _credit = buffer;

    /// <summary>How many chunks the worker may send before it is granted more.</summary>
    public int Credit { get; } = buffer;

    /// <summary>A chunk has arrived.</summary>
    /// <exception cref="BadFrameException">The worker had no credit left.</exception>
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

    /// <summary>
    /// The consumer has taken a chunk. Grants the worker more credit whenever half of the buffer has been consumed: that needs few frames
    /// and keeps the generator busy.
    /// </summary>
    public void Replenish()
    {
        var batch = Math.Max(1, Credit / 2);
        if (++_consumed < batch)
        {
            return;
        }

        _consumed = 0;
        Interlocked.Add(ref _credit, batch);
        ((WorkerConnection)Owner!).Grant(this, batch);
    }

    protected override void NotifyCaller(ByteString? result, Exception? failure, bool inline) => _chunks.Writer.TryComplete(failure);
}
