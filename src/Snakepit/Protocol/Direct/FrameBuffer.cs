using System.Buffers.Binary;
using Google.Protobuf;
using Snakepit.Protocol.V1;

namespace Snakepit.Protocol.Direct;

/// <summary>
/// Splits the bytes that a socket delivers into frames. Each frame is preceded by its length, four bytes in little-endian order. The buffer
/// grows only when it is full of bytes that have arrived, so a false length makes it reserve no memory.
/// </summary>
/// <param name="maxFrame">The maximum length of a frame that is accepted, in bytes.</param>
internal sealed class FrameBuffer(int maxFrame)
{
    public const int LengthSize = sizeof(uint);

    private const int Usual = 64 * 1024;

    private byte[] _bytes = new byte[Usual];
    private int _start, _end;

    /// <summary>The free space of the buffer for received bytes, which is at least one byte.</summary>
    public Memory<byte> Space
    {
        get
        {
            MakeSpace();
            return _bytes.AsMemory(_end);
        }
    }

    /// <summary>Whether all received bytes have been taken out of the buffer.</summary>
    public bool IsEmpty => _start == _end;

    /// <summary>Tells the buffer how many bytes were written into <see cref="Space"/>.</summary>
    public void Add(int count) => _end += count;

    /// <summary>Takes the next frame out of the buffer. Returns null if the frame has not arrived completely.</summary>
    /// <exception cref="BadFrameException">The frame is too long, or is not valid.</exception>
    public WorkerFrame? Take()
    {
        var bytes = _bytes.AsSpan(_start, _end - _start);
        if (bytes.Length < LengthSize)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length > maxFrame)
        {
            throw new BadFrameException($"The worker announced a frame of {length:N0} bytes, over the limit of {maxFrame:N0}.");
        }

        if (bytes.Length - LengthSize < length)
        {
            return null;
        }

        var frame = Parsed(bytes.Slice(LengthSize, (int)length));
        _start += LengthSize + (int)length;
        return frame;
    }

    private static WorkerFrame Parsed(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var frame = WorkerFrame.Parser.ParseFrom(bytes);
            return frame.FrameCase != WorkerFrame.FrameOneofCase.None
                ? frame
                : throw new BadFrameException("The worker sent a frame of an unknown kind.");
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new BadFrameException($"The worker sent {bytes.Length:N0} bytes that are not a valid frame.", exception);
        }
    }

    private void MakeSpace()
    {
        if (IsEmpty)
        {
            (_start, _end) = (0, 0);
            if (_bytes.Length > 16 * Usual)
            {
                _bytes = new byte[Usual]; // releases the memory of a large frame that has been handled
            }
        }
        else if (_end == _bytes.Length && _start > 0)
        {
            Buffer.BlockCopy(_bytes, _start, _bytes, 0, _end - _start);
            (_start, _end) = (0, _end - _start);
        }
        else if (_end == _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(2L * _bytes.Length, (long)maxFrame + LengthSize + 1));
        }
    }
}
