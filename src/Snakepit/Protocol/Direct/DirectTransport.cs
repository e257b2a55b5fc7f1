using System.Net.Sockets;
using Snakepit.Processes;
using Snakepit.Protocol.V1;

namespace Snakepit.Protocol.Direct;

/// <summary>Sends and receives frames on a Unix socket, each preceded by its length.</summary>
internal sealed class DirectTransport : ITransport
{
    /// <summary>What is particular to this transport.</summary>
    public static readonly TransportDescriptor Descriptor = new(
        "direct",
        new PythonRequirements(
            "protobuf",
            "pip install protobuf; on Debian: apt-get install python3-protobuf",
            "import sys, google.protobuf; sys.exit(sys.version_info < (3, 11))"),
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

    /// <summary>Connects to a worker. The worker listens already, so connecting does not block.</summary>
    /// <param name="endpoint">The worker's socket, <c>unix:/path</c>.</param>
    /// <param name="maxPayload">The largest payload in bytes.</param>
    /// <exception cref="IOException">No process listens there.</exception>
    public static DirectTransport Open(string endpoint, int maxPayload)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(SocketAddress.Parse(endpoint));
            return new DirectTransport(socket, maxPayload);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new IOException($"No process listens at {endpoint}.", exception);
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
    /// Starts the next receive and only then notifies the caller of the last completed call, on this thread. That saves a thread switch,
    /// and the caller's code may run here for as long as it likes, because the next frame will be handled by another thread.
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

                last.Notify(inline: false); // more has arrived already, and this thread must handle it
                last = HandleReceived();
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            _end.TrySetResult();
        }
        catch (Exception exception)
        {
            _end.TrySetException(exception); // no memory for the received bytes
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
                _end.TrySetResult(); // the process's end will tell why
                return last;
            }

            _received.Add(_receiving.BytesTransferred);
            while (_received.Take() is { } frame)
            {
                _handled++;
                last.Notify(inline: false);
                last = default; // notified, even if the next line throws
                last = _handle!(frame);
            }
        }
        catch (Exception exception)
        {
            _end.TrySetException(exception); // an invalid frame, or a fault of the handler
        }

        return last;
    }
}
