using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Snakepit.Processes;
using Snakepit.Protocol.V1;

namespace Snakepit.Protocol.Grpc;

/// <summary>The gRPC transport: sends and receives protocol frames over one gRPC stream on a Unix socket.</summary>
internal sealed class GrpcTransport : ITransport
{
    /// <summary>The name, requirements, factory function and warm-up of the gRPC transport.</summary>
    public static readonly TransportDescriptor Descriptor = new(
        "grpc",
        new PythonRequirements(
            "grpcio and protobuf",
            "pip install grpcio protobuf; on Debian: apt-get install python3-grpcio python3-protobuf",
            $"{PythonRequirements.CheckVersion}import importlib.util as u, google.protobuf; "
                + "u.find_spec('grpc') or sys.exit('it has no grpcio')",
            "protobuf>=3.21 grpcio>=1.51"),
        Open,
        GrpcWarmUp.Begin);

    private const int InitialWindow = 1024 * 1024;

    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<HostFrame, WorkerFrame> _stream;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly Queue<HostFrame?> _waiting = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _onArrival;
    private Func<WorkerFrame, CompletedCall>? _handle;
    private Task<bool>? _arriving;
    private bool _isSending, _isBroken;
    private long _sent, _received;

    private GrpcTransport(GrpcChannel channel)
    {
        _channel = channel;
        _onArrival = OnArrival;
        _stream = new V1.Worker.WorkerClient(channel).Attach(cancellationToken: _closing.Token);
    }

    /// <summary>Opens the stream to a worker.</summary>
    /// <param name="endpoint">The address of the worker's socket, as <c>unix:/path</c>.</param>
    /// <param name="maxPayload">The maximum size of a payload, in bytes.</param>
    public static GrpcTransport Open(string endpoint, int maxPayload) =>
        new(CreateChannel(endpoint, maxPayload + ITransport.FrameOverhead));

    /// <summary>
    /// Opens a stream that is connected to no worker, for <see cref="GrpcWarmUp"/>. It discards all sent frames, and its receiving half
    /// ends at once.
    /// </summary>
    public static GrpcTransport OpenToNowhere() => new(CreateChannel(_ => ValueTask.FromResult(Stream.Null), ITransport.FrameOverhead));

    /// <summary>
    /// Creates a gRPC channel to a Unix socket. The channel ignores proxy settings of the environment, which would make every call fail.
    /// </summary>
    public static GrpcChannel CreateChannel(string endpoint, int maxMessage)
    {
        var address = SocketAddress.Parse(endpoint);
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

    public Task ReadAsync(Func<WorkerFrame, CompletedCall> handle)
    {
        _handle = handle;
        _arriving = NextAsync();
        _arriving.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onArrival);
        return _end.Task;
    }

    /// <summary>
    /// Handles the frames that have arrived. Registers for the next frame, and only then notifies the caller of the last completed call on
    /// this thread. This order saves a thread switch: the caller's code may run on this thread for any length of time, because another
    /// thread will handle the next frame. An async method could not keep this order.
    /// </summary>
    private void OnArrival()
    {
        var last = default(CompletedCall);
        try
        {
            while (HasArrived())
            {
                _received++;
                last.Notify(inline: false);
                last = default; // the caller was notified, and must not be notified again if the next line throws
                last = _handle!(_stream.ResponseStream.Current);
                _arriving = NextAsync();
                if (!_arriving.IsCompleted)
                {
                    _arriving.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onArrival);
                    last.Notify(inline: true);
                    return;
                }
            }

            _end.SetResult();
        }
        catch (Exception exception)
        {
            _end.SetException(exception); // the frame was invalid, or the handler failed
        }

        last.Notify(inline: true);
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

    /// <summary>
    /// Returns true if a frame has arrived, and false if the stream has ended or is broken. Why it ended is learnt later, from how the
    /// worker's process ends.
    /// </summary>
    private bool HasArrived()
    {
        try
        {
            return _arriving!.GetAwaiter().GetResult();
        }
        catch (Exception exception) when (IsBroken(exception) && !IsUnconnected(exception))
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
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
                _sent++; // only one thread sends at a time
                var sending = frame is null ? _stream.RequestStream.CompleteAsync() : _stream.RequestStream.WriteAsync(frame);
                await sending.ConfigureAwait(false);
            }
            while (TakeNext(out frame));
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            // The loop that reads from the stream reports the failure. Frames that wait and all later frames are dropped.
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

    /// <summary>
    /// Returns true if there was no file descriptor for the connection. How the process ends would not tell that, so the reading fails.
    /// </summary>
    private static bool IsUnconnected(Exception exception) =>
        exception is RpcException { Status.DebugException: { } cause }
        && cause.GetBaseException() is SocketException { SocketErrorCode: SocketError.TooManyOpenSockets };

    private static async ValueTask<Stream> ConnectAsync(UnixDomainSocketEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
