using System.Collections.Concurrent;
using Google.Protobuf;
using Snakepit.Memory;
using Snakepit.Payloads;
using Snakepit.Protocol.V1;

namespace Snakepit.Protocol;

/// <summary>
/// The ranges of one worker's shared memory that this process reads. The worker is told with the next frame, whatever it is, when a range
/// is not used any more.
/// </summary>
/// <param name="process">The id of the worker's process.</param>
internal sealed class BorrowedRanges(int process)
{
    private readonly ConcurrentQueue<ulong> _unused = new();
    private long _bytes;

    /// <summary>How many bytes this process has mapped.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Maps the shared memory of a value that has arrived, so that its attachments have their content.</summary>
    /// <exception cref="IOException">The worker has ended meanwhile.</exception>
    public Payload Borrow(ByteString json, Attachments? attachments)
    {
        if (attachments is null)
        {
            return new Payload(json, null);
        }

        SharedRanges? ranges = null;
        try
        {
            foreach (var attachment in attachments.Items)
            {
                if (attachment.Shared is { } shared)
                {
                    var range = Map(shared);
                    (ranges ??= new SharedRanges()).Add(range);
                    attachment.Content = UnsafeByteOperations.UnsafeWrap(range.Memory);
                }
            }
        }
        catch
        {
            ranges?.Dispose();
            throw;
        }

        return new Payload(json, attachments, ranges);
    }

    /// <summary>Adds what is not used any more to a frame for the worker.</summary>
    public void GiveBackWith(HostFrame frame)
    {
        while (_unused.TryDequeue(out var range))
        {
            (frame.GivenBack ??= new GivenBack()).Ids.Add(range);
        }
    }

    private WorkerRange Map(MemoryRange shared)
    {
        if (shared.Length is 0 or > int.MaxValue || shared.Offset > long.MaxValue)
        {
            throw new BadFrameException(
                $"The worker has sent an impossible range of shared memory: {shared.Length:N0} bytes at offset {shared.Offset:N0}.");
        }

        var file = MemoryFile.Open(process, shared.File, (long)shared.Offset, (long)shared.Length);
        Interlocked.Add(ref _bytes, file.Length);
        return new WorkerRange(file, () =>
        {
            Interlocked.Add(ref _bytes, -file.Length);
            _unused.Enqueue(shared.Id);
        });
    }
}
