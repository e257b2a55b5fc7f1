using System.Net.Sockets;
using Snakepit.Protocol.V1;

namespace Snakepit.Protocol.Direct;

/// <summary>Frames behind their lengths on a Unix socket.</summary>
internal sealed class DirectTransport : ITransport
{
    private readonly Socket _socket;
    private readonly FrameSender _outbox;
    private readonly FrameBuffer _received;
    private readonly SocketAsyncEventArgs _receiving = new(true);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Func<WorkerFrame, Answer>? _take;
    private long _taken;

    private DirectTransport(Socket socket, int maxPayload)
    {
        _socket = socket;
        _outbox = new FrameSender(socket);
        _received = new FrameBuffer(maxPayload + ITransport.FrameOverhead);
        _receiving.Completed += (_, _) => OnReceived();
    }

    /// <summary>Connects to the worker that serves on a socket (<c>unix:/path</c>). It listens already, and so does not keep this thread.</summary>
    /// <exception cref="IOException">Nobody listens there.</exception>
    public static DirectTransport Open(string endpoint, int maxPayload)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(endpoint["unix:".Length..]));
            return new DirectTransport(socket, maxPayload);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new IOException($"Nobody listens at {endpoint}.", exception);
        }
    }

    public long Frames => _outbox.Frames + Volatile.Read(ref _taken);

    public void Send(HostFrame frame) => _outbox.Send(frame);

    public void Complete() => _outbox.Complete();

    public Task ReadAsync(Func<WorkerFrame, Answer> take)
    {
        _take = take;
        Receive(default);
        return _end.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _end.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _outbox.Dispose();
        _receiving.Dispose();
    }

    private void OnReceived() => Receive(Taken());

    /// <summary>
    /// Waits for more, and then lets the caller of the last answer go on, on this thread, for as long as it likes: somebody else is in charge of
    /// the next frame by then.
    /// </summary>
    private void Receive(Answer last)
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

                last.Tell(here: false); // what follows may be long
                last = Taken();
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            _end.TrySetResult();
        }
        catch (Exception exception)
        {
            _end.TrySetException(exception); // no memory for what arrives
        }

        last.Tell(here: true);
    }

    /// <summary>Serves what has arrived; returns the last answer in it, whose caller is not told yet.</summary>
    private Answer Taken()
    {
        var last = default(Answer);
        try
        {
            if (_receiving.SocketError != SocketError.Success || _receiving.BytesTransferred == 0)
            {
                _end.TrySetResult(); // why is told by the end of the process
                return last;
            }

            _received.Add(_receiving.BytesTransferred);
            while (_received.Take() is { } frame)
            {
                _taken++;
                last.Tell(here: false);
                last = default; // told, even if the taker throws
                last = _take!(frame);
            }
        }
        catch (Exception exception)
        {
            _end.TrySetException(exception); // a bad frame, or the taker's
        }

        return last;
    }
}
