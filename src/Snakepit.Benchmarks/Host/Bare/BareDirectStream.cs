using System.Buffers.Binary;
using System.Net.Sockets;
using Google.Protobuf;
using Snakepit.Protocol;
using Snakepit.Protocol.Direct;
using Snakepit.Protocol.V1;

namespace Snakepit.Benchmarks.Host.Bare;

/// <summary>Sends pings to one worker over the Unix socket of the Direct transport, without the pool.</summary>
internal sealed class BareDirectStream : IBareStream
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _buffer = new byte[4 * 1024];
    private ulong _lastId;

    public BareDirectStream(string endpoint) => _socket.Connect(SocketAddress.Parse(endpoint));

    public async Task PingAsync()
    {
        var frame = new HostFrame { Call = new Call { Id = ++_lastId, Tool = "ping", Arguments = ByteString.Empty } };
        var size = frame.CalculateSize();
        BinaryPrimitives.WriteInt32LittleEndian(_buffer, size);
        frame.WriteTo(_buffer.AsSpan(FrameBuffer.LengthSize, size));
        await _socket.SendAsync(_buffer.AsMemory(0, FrameBuffer.LengthSize + size));
        var answer = await ReceiveAsync();
        if (answer.Result?.Call != _lastId)
        {
            throw new InvalidOperationException($"A worker did not answer its ping: {answer}");
        }
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask<WorkerFrame> ReceiveAsync()
    {
        var received = 0;
        while (true)
        {
            var count = await _socket.ReceiveAsync(_buffer.AsMemory(received));
            if (count == 0)
            {
                throw new InvalidOperationException("A worker has ended its stream.");
            }

            received += count;
            if (received >= FrameBuffer.LengthSize && received - FrameBuffer.LengthSize >= BinaryPrimitives.ReadInt32LittleEndian(_buffer))
            {
                return WorkerFrame.Parser.ParseFrom(_buffer.AsSpan(FrameBuffer.LengthSize, received - FrameBuffer.LengthSize));
            }
        }
    }
}
