using System.Threading.Channels;
using Snakepit.Payloads;
using Snakepit.Telemetry;

namespace Snakepit.Protocol;

/// <summary>
/// A call that is answered with a stream of chunks. Chunks wait in a queue until the consumer, the code that reads the stream, takes them.
/// So the thread that reads frames never waits for a consumer. Flow-control credit, the number of chunks that the worker may still send,
/// limits the length of this queue.
/// </summary>
internal sealed class StreamingCall(string tool, int buffer, ObservedCall? observed) : PendingCall(tool)
{
    private readonly Channel<Payload> _chunks =
        Channel.CreateUnbounded<Payload>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private int _consumed;
    private int _credit = buffer;

    public override ObservedCall? Observed => observed;

    /// <summary>The initial flow-control credit: the number of chunks that the worker may send before it is granted more.</summary>
    public int Credit { get; } = buffer;

    /// <summary>Adds a chunk that has arrived to the queue of the consumer.</summary>
    /// <exception cref="BadFrameException">The worker has sent more chunks than its flow-control credit allows.</exception>
    public void AddChunk(Payload chunk)
    {
        if (Interlocked.Decrement(ref _credit) < 0)
        {
            throw new BadFrameException($"tool '{Tool}' sends more chunks than the {Credit} that its caller has room for.");
        }

        if (!_chunks.Writer.TryWrite(chunk))
        {
            chunk.Release(); // the consumer has left
        }
    }

    /// <summary>Lets go of the shared memory of the chunks that the consumer has not taken. It takes none afterwards.</summary>
    public void ReleaseChunks()
    {
        while (_chunks.Reader.TryRead(out var chunk))
        {
            chunk.Release();
        }
    }

    /// <summary>Waits for the next chunk and returns it; returns null at the end of the stream.</summary>
    public async ValueTask<Payload?> ReadAsync()
    {
        while (await _chunks.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            if (_chunks.Reader.TryRead(out var chunk))
            {
                return chunk;
            }
        }

        return null;
    }

    /// <summary>
    /// Records that the consumer has taken a chunk. Whenever the consumer has taken as many chunks as half of the buffer holds, the worker
    /// is granted that many more. Granting by halves takes few frames, and lets the generator continue before the buffer is empty.
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

    protected override void NotifyCaller(Payload result, Exception? failure, bool inline) => _chunks.Writer.TryComplete(failure);
}
