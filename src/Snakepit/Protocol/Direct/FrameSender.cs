using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Snakepit.Protocol.V1;

namespace Snakepit.Protocol.Direct;

/// <summary>
/// Sends frames on a socket in order. If no send operation is running, a frame is sent at once on the caller's thread. Frames that come
/// during a send operation are collected, and the next operation sends them together.
/// </summary>
internal sealed class FrameSender : IDisposable
{
    private const int Usual = 4 * 1024;
    private const int MostKept = 1024 * 1024;

    private readonly Socket _socket;
    private readonly SocketAsyncEventArgs _sending = new(true);
    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte> _filling = new(Usual), _going = new(Usual);
    private bool _isSending, _isCompleting, _isBroken;

    public FrameSender(Socket socket)
    {
        _socket = socket;
        _sending.Completed += (_, _) => OnSent();
    }

    /// <summary>The number of frames sent.</summary>
    public long Frames { get; private set; }

    /// <summary>Sends a frame; does nothing if the socket is broken.</summary>
    public void Send(HostFrame frame)
    {
        lock (_gate)
        {
            if (_isBroken)
            {
                return;
            }

            Frames++;
            Write_NeedsLock(frame);
            if (_isSending)
            {
                return;
            }

            _isSending = true;
        }

        SendAll();
    }

    /// <summary>Closes the sending half of the socket after all frames have been sent.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isCompleting = true;
            if (_isSending || _isBroken)
            {
                return;
            }

            _isSending = true;
        }

        SendAll();
    }

    public void Dispose() => _sending.Dispose();

    private void Write_NeedsLock(HostFrame frame)
    {
        var size = frame.CalculateSize();
        var span = _filling.GetSpan(FrameBuffer.LengthSize + size);
        BinaryPrimitives.WriteUInt32LittleEndian(span, (uint)size);
        frame.WriteTo(span.Slice(FrameBuffer.LengthSize, size));
        _filling.Advance(FrameBuffer.LengthSize + size);
    }

    private void OnSent()
    {
        if (HasSent())
        {
            SendAll();
        }
    }

    private void SendAll()
    {
        try
        {
            while (TakeFilled())
            {
                _sending.SetBuffer(MemoryMarshal.AsMemory(_going.WrittenMemory));
                if (_socket.SendAsync(_sending) || !HasSent())
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            Break(); // the loop that reads from the socket reports the failure
        }
    }

    /// <summary>
    /// Takes the collected frames, which are sent next. Returns false if there are none; the calling thread then stops sending.
    /// </summary>
    private bool TakeFilled()
    {
        lock (_gate)
        {
            if (_filling.WrittenCount == 0)
            {
                _isSending = false;
                if (_isCompleting)
                {
                    _socket.Shutdown(SocketShutdown.Send);
                }

                return false;
            }

            (_filling, _going) = (_going, _filling);
            return true;
        }
    }

    private bool HasSent()
    {
        if (_sending.SocketError != SocketError.Success)
        {
            Break();
            return false;
        }

        if (_going.Capacity > MostKept)
        {
            _going = new ArrayBufferWriter<byte>(Usual); // releases the memory of a large frame that has been sent
            _sending.SetBuffer(default);
        }

        _going.ResetWrittenCount();
        return true;
    }

    private void Break()
    {
        lock (_gate)
        {
            _isBroken = true;
            (_filling, _going) = (new ArrayBufferWriter<byte>(Usual), new ArrayBufferWriter<byte>(Usual));
        }
    }
}
