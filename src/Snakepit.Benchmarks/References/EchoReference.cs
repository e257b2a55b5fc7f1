using System.Net.Sockets;
using System.Threading.Channels;

namespace Snakepit.Benchmarks.References;

/// <summary>
/// What this machine can do at the moment without pool, protocol or Python: a few bytes there and back over Unix sockets, one connection per
/// worker of the pool it stands beside. If even this is slow, a target that was missed says nothing.
/// </summary>
internal sealed class EchoReference : IAsyncDisposable
{
    private const int MessageLength = 64;

    private readonly Channel<(NetworkStream Stream, byte[] Buffer)> _idle;
    private readonly List<Socket> _sockets = [];

    public EchoReference(int connections)
    {
        _idle = Channel.CreateBounded<(NetworkStream, byte[])>(connections);
        var path = Path.Combine(Path.GetTempPath(), $"snakepit-echo-{Guid.NewGuid():N}.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(connections);
        for (var i = 0; i < connections; i++)
        {
            var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            client.Connect(new UnixDomainSocketEndPoint(path));
            var server = listener.Accept();
            _sockets.AddRange([client, server]);
            _ = EchoAsync(new NetworkStream(server));
            _idle.Writer.TryWrite((new NetworkStream(client), new byte[MessageLength]));
        }

        File.Delete(path);
    }

    /// <summary>Takes a connection, sends a message, waits for its echo.</summary>
    public async Task CallAsync()
    {
        var connection = await _idle.Reader.ReadAsync();
        await connection.Stream.WriteAsync(connection.Buffer);
        await connection.Stream.ReadExactlyAsync(connection.Buffer);
        _idle.Writer.TryWrite(connection);
    }

    public ValueTask DisposeAsync()
    {
        _sockets.ForEach(socket => socket.Dispose());
        return ValueTask.CompletedTask;
    }

    private static async Task EchoAsync(NetworkStream stream)
    {
        var buffer = new byte[MessageLength];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(buffer);
                await stream.WriteAsync(buffer);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The other end has gone: the reference is over.
        }
    }
}
