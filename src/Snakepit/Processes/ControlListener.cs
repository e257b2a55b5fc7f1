using System.Collections.Concurrent;
using System.Diagnostics;
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
    /// <summary>The name of the control socket in its directory.</summary>
    public const string SocketName = "control.sock";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    // How long a lack of file descriptors may last before starts fail because of it. A program that is short of them may close some soon.
    private static readonly TimeSpan LackPatience = TimeSpan.FromMilliseconds(500);

    private readonly SocketDirectory _directory = new();
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<ControlConnection>> _expected = new();
    private readonly CancellationTokenSource _stopping = new();
    private Socket? _socket; // this and the next two fields are replaced under the lock, when the socket has been deleted
    private FileFacts? _made; // what lies at the path of the socket as long as nobody has deleted or replaced it
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

    public string SocketPath => Path.Combine(Directory, SocketName);

    /// <summary>Returns a number for a new worker. No number is used twice in this directory.</summary>
    public int NextWorker() => Interlocked.Increment(ref _lastWorker);

    /// <summary>
    /// Completes when the worker with this number, or the template, which has number 0, has opened its control channel. To be called before
    /// the process starts. Makes the directory and the control socket again if another program has deleted or replaced them. The task fails
    /// with a <see cref="SystemLimitException"/> if this program has no file descriptor for the channel.
    /// </summary>
    /// <exception cref="SocketDirectoryException">The directory or the socket was deleted and cannot be made again.</exception>
    /// <exception cref="SystemLimitException">There is no file descriptor for a new socket.</exception>
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
            if (IsIntact)
            {
                return;
            }

            var before = _socket; // is kept if this fails: its file may only be out of reach for a while
            _socket = Listen(SocketPath, Path.Combine(Directory, "new.sock"));
            _made = FileFacts.Of(SocketPath);
            before?.Dispose(); // ends the loop that accepts its connections
            _accepting = Task.WhenAll(_accepting, AcceptAsync(_socket));
        }
    }

    // Whether a process that connects to the path reaches this listener. Another file may lie there, even another socket.
    private bool IsIntact => _socket is not null
        && (_made is { } made ? FileFacts.Of(SocketPath)?.Identity == made.Identity : File.Exists(SocketPath));

    /// <summary>
    /// Makes a socket that takes the place of whatever lies at its path. It is made under another name and then renamed, so that a failure
    /// changes nothing, and so that its disposal, which deletes the file of the name that it was made with, deletes no later socket.
    /// </summary>
    private static Socket Listen(string path, string madeAs)
    {
        var length = Encoding.UTF8.GetByteCount(path);
        if (length > SocketDirectory.LongestSocketPath)
        {
            throw new SocketDirectoryException(
                path,
                $"The path '{path}' is too long for a Unix socket: it has {length} bytes, "
                    + $"and at most {SocketDirectory.LongestSocketPath} are allowed",
                reason: null);
        }

        Socket? socket = null;
        try
        {
            File.Delete(madeAs); // what an earlier attempt may have left
            socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(madeAs));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(madeAs, UnixFileMode.UserRead | UnixFileMode.UserWrite); // the umask may have taken them away
            }

            socket.Listen(1024);
            File.Move(madeAs, path, overwrite: true);
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
        {
            socket?.Dispose();
            var what = $"The socket '{path}' cannot be made";
            throw StartFailure.OfSockets(path, what, exception);
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
        long? lackingSince = null;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await listening.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                lackingSince = null;
                _ = GreetAsync(new ControlConnection(socket));
            }
            catch (SocketException exception)
            {
                // Either a process has ended before its connection was accepted, or no file descriptors are left. A lack of file
                // descriptors may last, so the loop pauses before it tries again, and after a while the starts that wait are told.
                if (StartFailure.OfLimit("The control channel of a process cannot be accepted", exception) is not { } limit)
                {
                    lackingSince = null;
                }
                else if (Stopwatch.GetElapsedTime(lackingSince ??= Stopwatch.GetTimestamp()) >= LackPatience)
                {
                    FailAll(limit);
                }

                await Task.WhenAny(Task.Delay(Pause, _stopping.Token)).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return; // the listener is being disposed, or the socket was replaced
            }
        }
    }

    private void FailAll(SystemLimitException limit)
    {
        foreach (var (worker, expected) in _expected)
        {
            if (_expected.TryRemove(new(worker, expected)) && expected.TrySetException(limit))
            {
                _ = expected.Task.Exception; // marks it as observed, in case the start has just ended for another reason
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
