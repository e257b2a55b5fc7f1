using System.Net.Sockets;
using Snakepit.Processes;
using Snakepit.Protocol.V1;

namespace Snakepit.Protocol.Direct;

/// <summary>The direct transport: sends and receives protocol frames on a Unix socket, each preceded by its length.</summary>
internal sealed class DirectTransport : ITransport
{
    /// <summary>The name, requirements and factory function of the direct transport, which needs no warm-up.</summary>
    public static readonly TransportDescriptor Descriptor = new(
        "direct",
        new PythonRequirements(
            "protobuf",
            "pip install protobuf; on Debian: apt-get install python3-protobuf",
            $"{PythonRequirements.CheckVersion}import google.protobuf",
            "protobuf>=3.21"),
        Open,
        WarmUp: () => { });

    private readonly Socket _socket;
    private readonly FrameSender _sender;
    private readonly FrameBuffer _received;
    private readonly SocketAsyncEventArgs _receiving = new(true);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Func<WorkerFrame, CompletedCall>? _handle;
    private long _handled;

    private DirectTransport(Socket socket, int maxPayload)
    {
        _socket = socket;
        _sender = new FrameSender(socket);
        _received = new FrameBuffer(maxPayload + ITransport.FrameOverhead);
        _receiving.Completed += (_, _) => OnReceived();
    }

    /// <summary>Connects to a worker. The worker already listens, so the connection is made without blocking.</summary>
    /// <param name="endpoint">The address of the worker's socket, as <c>unix:/path</c>.</param>
    /// <param name="maxPayload">The maximum size of a payload, in bytes.</param>
    /// <exception cref="InvalidDataException">The endpoint does not name a Unix socket.</exception>
    /// <exception cref="IOException">No process listens on the socket, or there is no file descriptor for another one.</exception>
    public static DirectTransport Open(string endpoint, int maxPayload)
    {
        var address = SocketAddress.Parse(endpoint);
        Socket? socket = null;
        try
        {
            socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(address);
            return new DirectTransport(socket, maxPayload);
        }
        catch (SocketException exception)
        {
            socket?.Dispose();
            throw new IOException($"No connection to {endpoint}: {exception.Message}.", exception);
        }
    }

    public long Frames => _sender.Frames + Volatile.Read(ref _handled);

    public void Send(HostFrame frame) => _sender.Send(frame);

    public void Complete() => _sender.Complete();

    public Task ReadAsync(Func<WorkerFrame, CompletedCall> handle)
    {
        _handle = handle;
        Receive(default);
        return _end.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _end.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sender.Dispose();
        _receiving.Dispose();
    }

    private void OnReceived() => Receive(HandleReceived());

    /// <summary>
    /// Starts the next receive operation, and only then notifies the caller of the last completed call on this thread. This order saves a
    /// thread switch. The caller's code may run on this thread for any length of time, because another thread will handle the next frame.
    /// </summary>
    private void Receive(CompletedCall last)
    {
        try
        {
            while (!_end.Task.IsCompleted)
            {
                _receiving.SetBuffer(_received.Space);
                if (_socket.ReceiveAsync(_receiving))
                {
                    break;
                }

                last.Notify(inline: false); // more bytes have already arrived, and this thread must handle them
                last = HandleReceived();
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            _end.TrySetResult();
        }
        catch (Exception exception)
        {
            _end.TrySetException(exception); // there was no memory for the received bytes
        }

        last.Notify(inline: true);
    }

    /// <summary>Handles the received bytes. Returns the last call that they complete, whose caller has not been notified yet.</summary>
    private CompletedCall HandleReceived()
    {
        var last = default(CompletedCall);
        try
        {
            if (_receiving.SocketError != SocketError.Success || _receiving.BytesTransferred == 0)
            {
                _end.TrySetResult(); // why the stream ended is learnt later, from how the worker's process ends
                return last;
            }

            _received.Add(_receiving.BytesTransferred);
            while (_received.Take() is { } frame)
            {
                _handled++;
                last.Notify(inline: false);
                last = default; // the caller was notified, and must not be notified again if the next line throws
                last = _handle!(frame);
            }
        }
        catch (Exception exception)
        {
            _end.TrySetException(exception); // the frame was invalid, or the handler failed
        }

        return last;
    }
}
