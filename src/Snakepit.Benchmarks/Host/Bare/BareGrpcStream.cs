using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Snakepit.Protocol.Grpc;
using Snakepit.Protocol.V1;

namespace Snakepit.Benchmarks.Host.Bare;

/// <summary>Sends pings to one worker through the gRPC client, without the pool.</summary>
internal sealed class BareGrpcStream : IBareStream
{
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<HostFrame, WorkerFrame> _call;
    private ulong _lastId;

    public BareGrpcStream(string endpoint, int maxMessage)
    {
        _channel = GrpcTransport.CreateChannel(endpoint, maxMessage);
        _call = new Worker.WorkerClient(_channel).Attach();
    }

    public async Task PingAsync()
    {
        var call = new Call { Id = ++_lastId, Tool = "ping", Arguments = ByteString.Empty };
        await _call.RequestStream.WriteAsync(new HostFrame { Call = call });
        if (!await _call.ResponseStream.MoveNext(CancellationToken.None) || _call.ResponseStream.Current.Result?.Call != _lastId)
        {
            throw new InvalidOperationException($"A bare worker did not answer its ping: {_call.ResponseStream.Current}");
        }
    }

    public void Dispose()
    {
        _call.Dispose();
        _channel.Dispose();
    }
}
