using System.Collections.Concurrent;
using System.Net.Sockets;
using Snakepit.Contracts.Exceptions;

namespace Snakepit.Processes;

/// <summary>
/// The directory, of mode 0700, in which the processes of a template and its pools meet their host, and the socket in it on which each of
/// them opens its control channel. Nobody else on the machine gets in, and there are no ports.
/// </summary>
internal sealed class ControlListener : IAsyncDisposable
{
    // The kernel's limit for a socket's path is 108 bytes with its terminator; "/1234567.sock" is what is added.
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
                    $"The directory for sockets, '{Directory}', is longer than a Unix socket's path may be. Set TMPDIR to a shorter one.");
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

    /// <summary>A number for a new worker; it is never used twice in this directory.</summary>
    public int NextWorker() => Interlocked.Increment(ref _lastWorker);

    /// <summary>The channel that worker <paramref name="worker"/> will open, or the template with number 0. To be asked before it starts.</summary>
    public Task<ControlConnection> Expect(int worker)
    {
        var expected = new TaskCompletionSource<ControlConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        _expected[worker] = expected;
        return expected.Task;
    }

    /// <summary>
    /// Expects a process no longer once it has ended, unless it has left a report. Another one that is expected under the same number since then
    /// still is. The socket that it served on goes as well: a process that was killed has left it behind.
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
            throw new ArgumentException($"There can be no directory for sockets in '{Path.GetTempPath()}': {exception.Message} Set TMPDIR to one that there is.", exception);
        }
    }

    private void Forget(int worker, Task<ControlConnection> channel)
    {
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
            // The directory has gone.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _accepting;
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
            // Somebody has tidied up before.
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_stopping.Token);
                _ = GreetAsync(new ControlConnection(socket));
            }
            catch (SocketException)
            {
                // A process ended between connecting and being accepted; or there are no more descriptors, which may last.
                await Task.WhenAny(Task.Delay(Pause, _stopping.Token));
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
            var first = await connection.ReceiveAsync(_stopping.Token);
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
            // Nobody that we know: hang up.
        }

        connection.Dispose();
    }
}
