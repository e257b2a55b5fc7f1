using System.Buffers.Binary;
using Google.Protobuf;
using Snakepit.Protocol.V1;

namespace Snakepit.Protocol.Direct;

/// <summary>
/// Cuts what a socket delivers into frames, each behind its length in four bytes, the lowest first. Memory follows the bytes that have arrived,
/// never what a length promises.
/// </summary>
/// <param name="maxFrame">The longest frame that is accepted, in bytes.</param>
internal sealed class FrameBuffer(int maxFrame)
{
    public const int LengthSize = sizeof(uint);

    private const int Usual = 64 * 1024;

    private byte[] _bytes = new byte[Usual];
    private int _start, _end;

    /// <summary>Where the next bytes go; at least one fits.</summary>
    public Memory<byte> Space
    {
        get
        {
            MakeSpace();
            return _bytes.AsMemory(_end);
        }
    }

    /// <summary>True between two frames.</summary>
    public bool IsEmpty => _start == _end;

    /// <summary>So many bytes were put into <see cref="Space"/>.</summary>
    public void Add(int count) => _end += count;

    /// <summary>Takes the next frame out; null if it is not complete.</summary>
    /// <exception cref="BadFrameException">It is none.</exception>
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
            throw new BadFrameException($"A frame of {length:N0} bytes is announced, over the limit of {maxFrame:N0}.");
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
            return frame.FrameCase != WorkerFrame.FrameOneofCase.None ? frame : throw new BadFrameException("A frame of an unknown kind has arrived.");
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new BadFrameException($"{bytes.Length:N0} bytes that are no frame have arrived.", exception);
        }
    }

    private void MakeSpace()
    {
        if (IsEmpty)
        {
            (_start, _end) = (0, 0);
            if (_bytes.Length > 16 * Usual)
            {
                _bytes = new byte[Usual]; // a large frame has passed
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
