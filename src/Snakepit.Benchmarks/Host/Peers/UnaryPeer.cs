using Grpc.Core;
using Grpc.Net.Client;
using Snakepit.Protocol.Grpc;

namespace Snakepit.Benchmarks.Host.Peers;

/// <summary>
/// A peer (an alternative to the pool) that is called with unary gRPC calls, written by hand. Each worker has its own channel, and calls go
/// to the workers in turn.
/// </summary>
internal sealed class UnaryPeer(PeerProcess process) : CalledPeer(process)
{
    private const int MaxMessage = 1024 * 1024;

    private static readonly Marshaller<byte[]> AsIs = Marshallers.Create(bytes => bytes, bytes => bytes);
    private static readonly Method<byte[], byte[]> Ping = new(MethodType.Unary, "snakepit.peers.Peer", "Ping", AsIs, AsIs);

    private readonly GrpcChannel[] _channels = [.. process.Endpoints.Select(endpoint => GrpcTransport.CreateChannel(endpoint, MaxMessage))];
    private readonly byte[] _request = "{}"u8.ToArray();
    private uint _turn;

    public override async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        await base.DisposeAsync();
    }

    protected override async Task PingAsync()
    {
        var channel = _channels[Interlocked.Increment(ref _turn) % (uint)_channels.Length];
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(Ping, host: null, default, _request);
        RequirePong(await call);
    }
}
