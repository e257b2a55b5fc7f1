using System.Collections.Concurrent;
using System.Net.Sockets;
using Snakepit.Contracts.Exceptions;

namespace Snakepit.Processes;

/// <summary>
/// Accepts the control channels that Python processes open on a Unix socket. The socket lies in a directory of its own, together with the
/// sockets that the workers serve on. The directory's mode is 0700, so no other user can connect.
/// </summary>
internal sealed class ControlListener : IAsyncDisposable
{
    // The kernel limits a socket's path to 108 bytes including a terminating zero, and "/1234567.sock" is added to the directory.
    private const int LongestDirectory = 94;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<ControlConnection>> _expected = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private int _lastWorker;

    public ControlListener()
    {
        Directory = MakeDirectory();
        SocketPath = Path.Combine(Directory, "control.sock");
        try
        {
            if (Directory.Length > LongestDirectory)
            {
                throw new ArgumentException(
                    $"The directory for sockets, '{Directory}', is too long for the path of a Unix socket. Set TMPDIR to a shorter one.");
            }

            _socket.Bind(new UnixDomainSocketEndPoint(SocketPath));
            _socket.Listen(1024);
        }
        catch
        {
            _socket.Dispose();
            System.IO.Directory.Delete(Directory, recursive: true);
            throw;
        }

        _accepting = AcceptAsync();
    }

    public string Directory { get; }

    public string SocketPath { get; }

    /// <summary>Returns a number for a new worker. No number is used twice in this directory.</summary>
    public int NextWorker() => Interlocked.Increment(ref _lastWorker);

    /// <summary>
    /// Completes when the worker with this number, or the template, which has number 0, has opened its control channel. To be called before
    /// the process starts.
    /// </summary>
    public Task<ControlConnection> Expect(int worker)
    {
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

    private static string MakeDirectory()
    {
        try
        {
            return System.IO.Directory.CreateTempSubdirectory("snakepit-").FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException(
                $"A directory for sockets cannot be created in '{Path.GetTempPath()}': {exception.Message} "
                + "Set TMPDIR to a directory that exists.",
                exception);
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
        catch (IOException)
        {
            // The directory does not exist any more.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        foreach (var (worker, expected) in _expected)
        {
            Forget(worker, expected.Task);
        }

        _stopping.Dispose();
        try
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another program, such as a cleaner of temporary files, has deleted the directory.
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
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
                return; // the listener is being disposed
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
