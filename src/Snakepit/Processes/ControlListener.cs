using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Snakepit.Contracts.Exceptions;

namespace Snakepit.Processes;

/// <summary>
/// Accepts the control channels that Python processes open on a Unix socket. The socket lies in a directory of its own, together with the
/// sockets that the workers serve on.
/// </summary>
internal sealed class ControlListener : IAsyncDisposable
{
    // The kernel limits a socket's path to 108 bytes including a terminating zero. The socket of a worker may have a longer name than
    // "control.sock" only if it is the ten-millionth.
    private const int LongestPath = 107;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly SocketDirectory _directory = new();
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<ControlConnection>> _expected = new();
    private readonly CancellationTokenSource _stopping = new();
    private Socket? _socket; // this and the next field are replaced under the lock, when the socket has been deleted
    private Task _accepting = Task.CompletedTask;
    private int _lastWorker;

    /// <exception cref="SocketDirectoryException">The socket cannot be made.</exception>
    public ControlListener()
    {
        try
        {
            Restore();
        }
        catch
        {
            _directory.Dispose();
            throw;
        }
    }

    /// <summary>The directory of all sockets. See <see cref="SocketDirectory.Path"/> for when it changes.</summary>
    public string Directory => _directory.Path;

    public string SocketPath => Path.Combine(Directory, "control.sock");

    /// <summary>Returns a number for a new worker. No number is used twice in this directory.</summary>
    public int NextWorker() => Interlocked.Increment(ref _lastWorker);

    /// <summary>
    /// Completes when the worker with this number, or the template, which has number 0, has opened its control channel. To be called before
    /// the process starts. Makes the directory and the control socket again if another program has deleted them.
    /// </summary>
    /// <exception cref="SocketDirectoryException">The directory or the socket was deleted and cannot be made again.</exception>
    public Task<ControlConnection> Expect(int worker)
    {
        Restore();
        var expected = new TaskCompletionSource<ControlConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        _expected[worker] = expected;
        return expected.Task;
    }

    /// <summary>
    /// Cancels the wait for a process's channel after the process has ended, unless it has sent a report that may not have been accepted
    /// yet. Also deletes the Unix socket on which the process took calls, because a killed process leaves this socket behind.
    /// </summary>
    public void ForgetAfter(Task<ProcessExit> exited, int worker, Task<ControlConnection> channel) => _ = exited.ContinueWith(
        exit =>
        {
            if (!BootError.IsReported(exit.Result.ExitCode))
            {
                Forget(worker, channel);
            }

            DeleteSocket(worker);
        },
        TaskScheduler.Default);

    private void Restore()
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
            {
                return; // what was made now would not be deleted any more
            }

            _directory.Restore();
            if (_socket is not null && File.Exists(SocketPath))
            {
                return;
            }

            _socket?.Dispose(); // ends the loop that accepts its connections
            _socket = Listen(SocketPath);
            _accepting = Task.WhenAll(_accepting, AcceptAsync(_socket));
        }
    }

    private static Socket Listen(string path)
    {
        var length = Encoding.UTF8.GetByteCount(path);
        if (length > LongestPath)
        {
            throw new SocketDirectoryException(
                path,
                $"The path '{path}' is too long for a Unix socket: it has {length} bytes, and at most {LongestPath} are allowed",
                reason: null);
        }

        Socket? socket = null;
        try
        {
            socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite); // the umask may have taken them away
            }

            socket.Listen(1024);
            return socket;
        }
        catch (SocketException exception)
        {
            socket?.Dispose();
            throw new SocketDirectoryException(path, $"The socket '{path}' cannot be made", exception);
        }
    }

    private void Forget(int worker, Task<ControlConnection> channel)
    {
        // A later process with the same worker number may be expected by now. The wait for that later process must go on.
        if (_expected.TryGetValue(worker, out var expected) && expected.Task == channel && _expected.TryRemove(new(worker, expected)))
        {
            expected.TrySetCanceled();
        }
    }

    private void DeleteSocket(int worker)
    {
        try
        {
            File.Delete(Path.Combine(Directory, $"{worker}.sock"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The directory does not exist any more.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task accepting;
        lock (_gate)
        {
            _socket?.Dispose();
            accepting = _accepting;
        }

        await accepting.ConfigureAwait(false);
        foreach (var (worker, expected) in _expected)
        {
            Forget(worker, expected.Task);
        }

        _stopping.Dispose();
        _directory.Dispose();
    }

    private async Task AcceptAsync(Socket listening)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await listening.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                _ = GreetAsync(new ControlConnection(socket));
            }
            catch (SocketException)
            {
                // Either a process has ended before its connection was accepted, or no file descriptors are left. A lack of file
                // descriptors may last, so the loop pauses before it tries again.
                await Task.WhenAny(Task.Delay(Pause, _stopping.Token)).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return; // the listener is being disposed, or the socket was replaced
            }
        }
    }

    private async Task GreetAsync(ControlConnection connection)
    {
        try
        {
            var first = await connection.ReceiveAsync(_stopping.Token).ConfigureAwait(false);
            if (first?.Hello is { } hello && _expected.TryRemove((int)hello.Worker, out var expected))
            {
                connection.ProcessId = (int)hello.Pid;
                if (expected.TrySetResult(connection))
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or InvalidDataException)
        {
            // The connection does not come from an expected process, or the listener is being disposed.
        }

        connection.Dispose();
    }
}
