using System.Buffers.Binary;
using System.Net.Sockets;
using Google.Protobuf;
using Snakepit.Protocol;
using Snakepit.Protocol.Direct;
using Snakepit.Protocol.V1;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests how the host divides the bytes that a worker sends over the Direct transport into frames, and which bytes the host refuses.
/// </summary>
[Collection(Alone.Name)] // a test measures the memory of the whole process
public sealed class DirectFrames
{
    private const int Limit = 1024 * 1024;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1_000_000)]
    public void Frames_are_reassembled_from_pieces_of_any_size(int piece)
    {
        var buffer = new FrameBuffer(Limit);
        var sent = Enumerable.Range(0, 50).Select(length => Result(length, length * 997)).ToList();
        Assert.Equal(sent, Arriving(buffer, [.. sent.SelectMany(Encoded)], piece));
        Assert.True(buffer.IsEmpty);
    }

    [Fact]
    public void The_buffer_shrinks_again_after_a_large_frame()
    {
        var buffer = new FrameBuffer(64 * Limit);
        var large = Result(1, 40 * Limit);
        Assert.Equal([large], Arriving(buffer, Encoded(large), 64 * 1024));
        Assert.True(buffer.Space.Length <= Limit);
        Assert.Equal([Result(2, 10)], Arriving(buffer, Encoded(Result(2, 10)), 64 * 1024));
    }

    [Fact]
    public async Task A_large_frame_is_not_kept_after_it_has_been_sent()
    {
        const int Size = 64 * 1024 * 1024;
        using var marker = new Marker();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(marker.Path));
        listener.Listen(1);
        using var sending = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await sending.ConnectAsync(new UnixDomainSocketEndPoint(marker.Path));
        using var receiving = await listener.AcceptAsync();
        using var sender = new FrameSender(sending);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        sender.Send(new HostFrame { Call = new Call { Arguments = ByteString.CopyFrom(new byte[Size]) } });
        var buffer = new byte[1024 * 1024];
        for (var received = 0; received < Size;)
        {
            received += await receiving.ReceiveAsync(buffer);
        }

        await Eventually.True(
            () => GC.GetTotalMemory(forceFullCollection: true) - before < Size / 2,
            "the memory of the frame is free",
            TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void An_announced_length_alone_allocates_no_memory()
    {
        var buffer = new FrameBuffer(int.MaxValue - 16);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Add(buffer, [0, 0, 0, 0x70, 1, 2, 3]); // the announced length, 1.8 GB, and only three bytes of content
        Assert.Null(buffer.Take());
        Assert.True(buffer.Space.Length < Limit);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < Limit);
    }

    [Fact]
    public void A_frame_over_the_limit_is_refused_as_soon_as_its_length_arrives()
    {
        var buffer = new FrameBuffer(Limit);
        var length = new byte[FrameBuffer.LengthSize];
        BinaryPrimitives.WriteUInt32LittleEndian(length, Limit + 1);
        Add(buffer, length);
        var refused = Assert.Throws<BadFrameException>(() => buffer.Take());
        Assert.Equal("The worker announced a frame of 1,048,577 bytes, over the limit of 1,048,576.", refused.Message);
    }

    [Theory]
    [InlineData(new byte[] { 3, 0, 0, 0, 0xFF, 0xFF, 0xFF }, "The worker sent 3 bytes that are not a valid frame.")]
    [InlineData(new byte[] { 0, 0, 0, 0 }, "The worker sent a frame of an unknown kind.")]
    [InlineData(new byte[] { 3, 0, 0, 0, 0xFA, 0x7F, 0 }, "The worker sent a frame of an unknown kind.")] // field number 2,047 is unknown
    public void Bytes_that_are_not_a_frame_are_refused(byte[] sent, string message)
    {
        var buffer = new FrameBuffer(Limit);
        Add(buffer, sent);
        Assert.Equal(message, Assert.Throws<BadFrameException>(() => buffer.Take()).Message);
    }

    private static WorkerFrame Result(int call, int length) =>
        new() { Result = new Result { Call = (ulong)call, Value = ByteString.CopyFrom(new byte[length]) } };

    private static byte[] Encoded(WorkerFrame frame)
    {
        var content = frame.ToByteArray();
        var encoded = new byte[FrameBuffer.LengthSize + content.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(encoded, (uint)content.Length);
        content.CopyTo(encoded, FrameBuffer.LengthSize);
        return encoded;
    }

    /// <summary>Adds the bytes to the buffer in pieces of the given size; returns the frames that the buffer has assembled.</summary>
    private static List<WorkerFrame> Arriving(FrameBuffer buffer, byte[] bytes, int piece)
    {
        var frames = new List<WorkerFrame>();
        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(Math.Min(piece, bytes.Length - at), buffer.Space.Length);
            Add(buffer, bytes.AsSpan(at, count));
            at += count;
            while (buffer.Take() is { } frame)
            {
                frames.Add(frame);
            }
        }

        return frames;
    }

    private static void Add(FrameBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(buffer.Space.Span);
        buffer.Add(bytes.Length);
    }
}
