using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Snakepit.Protocol.V1;

namespace Snakepit.Protocol.Grpc;

/// <summary>Frames over one gRPC stream on a Unix socket.</summary>
internal sealed class GrpcTransport : IAsyncDisposable
{
    // What a frame holds beside its payload; the limit itself is kept by those who make payloads.
    private const int FrameOverhead = 64 * 1024;
    private const int InitialWindow = 1024 * 1024;

    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<HostFrame, WorkerFrame> _stream;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _closing = new();

    private long _sent, _received;

    private GrpcTransport(GrpcChannel channel)
    {
        _channel = channel;
        _stream = new V1.Worker.WorkerClient(channel).Attach(cancellationToken: _closing.Token);
    }

    /// <summary>Opens the stream to the worker that serves on a socket, given in gRPC's notation (<c>unix:/path</c>).</summary>
    public static GrpcTransport Open(string endpoint, int maxPayload) => new(CreateChannel(endpoint, maxPayload + FrameOverhead));

    /// <summary>Opens a stream to nobody: everything is sent into the void, and the other end hangs up.</summary>
    public static GrpcTransport OpenToNobody() => new(CreateChannel(_ => ValueTask.FromResult(Stream.Null), FrameOverhead));

    /// <summary>A channel to a Unix socket. Proxy settings in the environment do not apply to it.</summary>
    public static GrpcChannel CreateChannel(string endpoint, int maxMessage)
    {
        var address = new UnixDomainSocketEndPoint(endpoint["unix:".Length..]);
        return CreateChannel(cancellationToken => ConnectAsync(address, cancellationToken), maxMessage);
    }

    private static GrpcChannel CreateChannel(Func<CancellationToken, ValueTask<Stream>> connect, int maxMessage)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            InitialHttp2StreamWindowSize = InitialWindow,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            ConnectCallback = (_, cancellationToken) => connect(cancellationToken),
        };
        return GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = maxMessage,
            MaxSendMessageSize = maxMessage,
        });
    }

    /// <summary>How many frames have gone either way.</summary>
    public long Frames => Volatile.Read(ref _sent) + Volatile.Read(ref _received);

    /// <summary>Sends a frame after those whose sending began before.</summary>
    /// <exception cref="IOException">The stream is broken.</exception>
    public ValueTask SendAsync(HostFrame frame) => InTurnAsync(frame);

    /// <summary>Ends this half of the stream: no frame follows.</summary>
    /// <exception cref="IOException">The stream is broken.</exception>
    public ValueTask CompleteAsync() => InTurnAsync(frame: null);

    private async ValueTask InTurnAsync(HostFrame? frame)
    {
        await _sending.WaitAsync();
        try
        {
            _sent++;
            await (frame is null ? _stream.RequestStream.CompleteAsync() : _stream.RequestStream.WriteAsync(frame));
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or ObjectDisposedException or OperationCanceledException)
        {
            throw new IOException("The worker's stream is broken.", exception);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next frame; null when the worker has ended the stream.</summary>
    /// <exception cref="IOException">The stream is broken.</exception>
    public async ValueTask<WorkerFrame?> ReceiveAsync()
    {
        try
        {
            if (!await _stream.ResponseStream.MoveNext(CancellationToken.None))
            {
                return null;
            }

            _received++; // one reader
            return _stream.ResponseStream.Current;
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or ObjectDisposedException or OperationCanceledException)
        {
            throw new IOException("The worker's stream is broken.", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _stream.Dispose();
        _channel.Dispose();
        _closing.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(UnixDomainSocketEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
