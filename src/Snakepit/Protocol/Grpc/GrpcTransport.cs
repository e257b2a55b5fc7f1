using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Snakepit.Protocol.V1;

namespace Snakepit.Protocol.Grpc;

/// <summary>Frames over one gRPC stream on a Unix socket.</summary>
internal sealed class GrpcTransport : ITransport
{
    private const int InitialWindow = 1024 * 1024;

    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<HostFrame, WorkerFrame> _stream;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly Queue<HostFrame?> _waiting = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _onArrival;
    private Func<WorkerFrame, Answer>? _take;
    private Task<bool>? _arriving;
    private bool _isSending, _isBroken;
    private long _sent, _received;

    private GrpcTransport(GrpcChannel channel)
    {
        _channel = channel;
        _onArrival = OnArrival;
        _stream = new V1.Worker.WorkerClient(channel).Attach(cancellationToken: _closing.Token);
    }

    /// <summary>Opens the stream to the worker that serves on a socket, given in gRPC's notation (<c>unix:/path</c>).</summary>
    public static GrpcTransport Open(string endpoint, int maxPayload) => new(CreateChannel(endpoint, maxPayload + ITransport.FrameOverhead));

    /// <summary>Opens a stream to nobody: everything is sent into the void, and the other end hangs up.</summary>
    public static GrpcTransport OpenToNobody() => new(CreateChannel(_ => ValueTask.FromResult(Stream.Null), ITransport.FrameOverhead));

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

    public long Frames => Volatile.Read(ref _sent) + Volatile.Read(ref _received);

    public void Send(HostFrame frame) => SendInTurn(frame);

    public void Complete() => SendInTurn(frame: null);

    public Task ReadAsync(Func<WorkerFrame, Answer> take)
    {
        _take = take;
        _arriving = NextAsync();
        _arriving.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onArrival);
        return _end.Task;
    }

    /// <summary>
    /// Not an async method, because the order matters: first somebody else is put in charge of the next frame, then the caller goes on, on this
    /// thread, for as long as it likes.
    /// </summary>
    private void OnArrival()
    {
        var answer = default(Answer);
        try
        {
            while (HasArrived())
            {
                _received++;
                answer.Tell(here: false);
                answer = default; // told, even if the taker throws
                answer = _take!(_stream.ResponseStream.Current);
                _arriving = NextAsync();
                if (!_arriving.IsCompleted)
                {
                    _arriving.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onArrival);
                    answer.Tell(here: true);
                    return;
                }
            }

            _end.SetResult();
        }
        catch (Exception exception)
        {
            _end.SetException(exception); // the taker's
        }

        answer.Tell(here: true);
    }

    private Task<bool> NextAsync()
    {
        try
        {
            return _stream.ResponseStream.MoveNext(CancellationToken.None);
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            return Task.FromException<bool>(exception);
        }
    }

    /// <summary>True if a frame has arrived, false if the stream has ended, or broken: why is told by the end of the process.</summary>
    private bool HasArrived()
    {
        try
        {
            return _arriving!.GetAwaiter().GetResult();
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _stream.Dispose();
        _channel.Dispose();
        _closing.Dispose();
    }

    private void SendInTurn(HostFrame? frame)
    {
        lock (_gate)
        {
            if (_isBroken)
            {
                return;
            }

            if (_isSending)
            {
                _waiting.Enqueue(frame);
                return;
            }

            _isSending = true;
        }

        _ = SendAllAsync(frame);
    }

    private async Task SendAllAsync(HostFrame? frame)
    {
        try
        {
            do
            {
                _sent++; // one sender
                await (frame is null ? _stream.RequestStream.CompleteAsync() : _stream.RequestStream.WriteAsync(frame));
            }
            while (TakeNext(out frame));
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            // The reader says the same, and what waits, or still comes, has nobody to go to.
            lock (_gate)
            {
                _isBroken = true;
                _waiting.Clear();
            }
        }
    }

    private bool TakeNext(out HostFrame? frame)
    {
        lock (_gate)
        {
            return _isSending = _waiting.TryDequeue(out frame);
        }
    }

    private static bool IsBroken(Exception exception) =>
        exception is RpcException or InvalidOperationException or ObjectDisposedException or OperationCanceledException;

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
