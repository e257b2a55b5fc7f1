using Snakepit.Contracts.Exceptions;
using Snakepit.HostTools;
using Snakepit.Processes;
using Snakepit.Protocol;
using Snakepit.Protocol.V1;
using Snakepit.Threading;

namespace Snakepit.Workers;

/// <summary>
/// A worker: its Python process and the connection to it, from launch to end. This class does not know whether the worker is idle, busy or
/// being replaced; the pool records this state in a <see cref="Scheduling.WorkerEntry"/>.
/// </summary>
/// <param name="source">The source that creates the worker's process.</param>
/// <param name="openTransport">The function that opens the stream to the worker's endpoint.</param>
/// <param name="toolbox">The host tools that Python may call.</param>
/// <param name="startTimeout">The time that the start of the worker may take.</param>
/// <param name="time">The clock that all time limits use.</param>
internal sealed class PythonWorker(
    IWorkerSource source, Func<string, ITransport> openTransport, HostToolbox toolbox, TimeSpan startTimeout, TimeProvider time)
    : IAsyncDisposable
{
    // The time to wait for the exit of the process after its stream has broken. After a crash, the broken stream is often noticed before
    // the exit, but only the exit has the exit code.
    private static readonly TimeSpan ExitGrace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(5);

    private WorkerProcess? _process;
    private WorkerConnection? _connection;

    /// <summary>The number of the worker; no number is used twice in a pool.</summary>
    public int Number { get; } = source.NextWorker();

    /// <summary>The id of the worker's process; 0 until the process exists.</summary>
    public int ProcessId => _process?.Id ?? 0;

    /// <summary>The address of the socket that the worker serves on; empty until the worker listens.</summary>
    public string Endpoint { get; private set; } = "";

    /// <summary>Whether the worker can open the shared memory of this process; false until the worker listens.</summary>
    public bool ReadsMemory { get; private set; }

    /// <summary>The times at which the worker passed each phase of its start; null until the worker is ready.</summary>
    public WorkerStartTimes? StartTimes { get; private set; }

    /// <summary>The number of frames sent to the worker and received from it.</summary>
    public long Frames => _connection?.Frames ?? 0;

    /// <summary>How many bytes of this process's shared memory the worker may read.</summary>
    public long BytesLent => _connection?.Lent.Bytes ?? 0;

    /// <summary>How many bytes of the worker's shared memory this process has mapped.</summary>
    public long BytesBorrowed => _connection?.Borrowed.Bytes ?? 0;

    /// <summary>The connection to the worker, which must have been started.</summary>
    public WorkerConnection Connection => _connection ?? throw new InvalidOperationException($"Worker {Number} is not started.");

    /// <summary>Completes when the started worker cannot be used any more, because its process has ended or its stream is closed.</summary>
    public Task Gone { get; private set; } = Task.CompletedTask;

    /// <summary>Completes when the worker's process has ended.</summary>
    public Task Exited => _process?.Exited ?? Task.CompletedTask;

    private string Title => $"Worker {Number}";

    /// <summary>
    /// Launches the worker's process and returns when the worker has answered its first ping. If this method throws, the process has been
    /// killed.
    /// </summary>
    /// <param name="supervisor">Is told what happens to the worker's calls.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="PoolStartException">The worker cannot be started; the type of the exception says why.</exception>
    public async Task StartAsync(ICallSupervisor supervisor, CancellationToken cancellationToken)
    {
        var process = _process = await source.LaunchAsync(Number, cancellationToken).ConfigureAwait(false);
        using var deadline = new CancellationTokenSource(startTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var ready = false;
        var (launchedAt, launched) = (time.GetTimestamp(), time.GetUtcNow());
        try
        {
            var control = await ConnectedAsync(process, either.Token).ConfigureAwait(false);
            var connected = Now();
            var report = await ListeningAsync(process, control, either.Token).ConfigureAwait(false);
            (Endpoint, ReadsMemory) = (report.Endpoint, report.ReadsMemory);
            var listening = Now();
            SocketAddress.ThrowIfDeleted(Endpoint, Number);
            _connection = new WorkerConnection(openTransport(Endpoint), control, supervisor, toolbox, process.Id, time);
            Gone = Task.WhenAny(_connection.Closed, process.Exited);
            await _connection.Requests.PingAsync(either.Token).ConfigureAwait(false);
            StartTimes = new WorkerStartTimes(launched, connected, listening, Now());
            ready = true;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw await BootError
                .TimedOutAsync(process.Signal, process.Exited, () => process.LastOutput, Title, startTimeout)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            // A process that has closed its stream is about to end, and its exit code says why.
            var limit = StartFailure.OfLimit($"{Title} cannot be reached", exception);
            var isEnding = limit is null && exception is not InvalidDataException;
            if (!isEnding || !await process.Exited.EndsWithinAsync(ExitGrace).ConfigureAwait(false))
            {
                process.Signal(Signals.Kill);
            }

            var exit = await process.Exited.ConfigureAwait(false);
            if (limit is not null)
            {
                throw limit;
            }

            throw process.IsLostWithTemplate
                ? new TemplateLostException(Number)
                : BootError.Broken(exception, exit, Title, source.Launch);
        }
        catch (WorkerStartException) when (process.IsLostWithTemplate)
        {
            throw new TemplateLostException(Number);
        }
        finally
        {
            if (!ready)
            {
                await KillAsync().ConfigureAwait(false);
                if (_connection is null)
                {
                    _ = CloseAsync(process.Control); // disposes the control channel, even if the process opens it only later
                }
            }
        }

        // Times after the launch are measured with the monotonic clock, so that they are in order even if the system's clock is set.
        DateTimeOffset Now() => launched + time.GetElapsedTime(launchedAt);
    }

    /// <summary>Kills the worker's process and waits for its exit, but not longer than 5 s.</summary>
    public Task KillAsync()
    {
        Signal(Signals.Kill);
        return Exited.EndsWithinAsync(KillGrace);
    }

    /// <summary>
    /// Makes sure that the process has ended, and returns how it ended. Returns null if it does not end in time. To be called after
    /// <see cref="Gone"/> has completed.
    /// </summary>
    public async Task<ProcessExit?> EndAsync()
    {
        var exited = _process!.Exited;
        var killer = "sent by this pool, because the connection to the worker had broken";
        if (Connection.Fault is null)
        {
            killer = await ReplacedProcess
                .WatchAsync(() => ProcessId, exited, source.Launch, ExitGrace, CancellationToken.None)
                .ConfigureAwait(false) ?? killer;
        }

        if (!exited.IsCompleted)
        {
            Kill(killer);
            await exited.EndsWithinAsync(KillGrace).ConfigureAwait(false);
        }

        // Answers that the worker sent before it ended are still valid, and may not have been read yet.
        await Connection.Closed.EndsWithinAsync(ExitGrace).ConfigureAwait(false);
        return exited.IsCompletedSuccessfully ? await exited.ConfigureAwait(false) : null;
    }

    /// <summary>Kills the worker's process and its process group, unless the process has ended.</summary>
    /// <param name="killer">Who kills it and why, see <see cref="ProcessExit.Killer"/>.</param>
    public void Kill(string killer) => _process?.Kill(killer);

    /// <summary>Sends a signal to the worker's process group, unless the process has ended.</summary>
    public void Signal(int signal) => _process?.Signal(signal);

    /// <summary>Closes the connection to the worker.</summary>
    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task CloseAsync(Task<ControlConnection> control)
    {
        try
        {
            (await control.ConfigureAwait(false)).Dispose();
        }
        catch (Exception exception) when (exception is OperationCanceledException or SystemLimitException)
        {
            // The process ended before it opened its control channel, or there was no file descriptor for the channel.
        }
    }

    private async Task<ControlConnection> ConnectedAsync(WorkerProcess process, CancellationToken cancellationToken)
    {
        await Task.WhenAny(process.Control, process.Exited).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (process.Control.IsCompletedSuccessfully || process.Control.IsFaulted
            || (process.Exited.IsCompleted && BootError.IsReported((await process.Exited.ConfigureAwait(false)).ExitCode)))
        {
            return await process.Control.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        throw BootError.From(failure: null, await process.Exited.WaitAsync(cancellationToken).ConfigureAwait(false), Title, source.Launch);
    }

    private async Task<Listening> ListeningAsync(WorkerProcess process, ControlConnection control, CancellationToken cancellationToken)
    {
        BootFailure? failure = null;
        while (await control.ReceiveAsync(cancellationToken).ConfigureAwait(false) is { } report)
        {
            if (report.Listening is { } listening)
            {
                return listening;
            }

            failure ??= report.BootFailure;
        }

        control.Dispose();
        if (failure is null
            && await ReplacedProcess
                .WatchAsync(() => process.Id, process.Exited, source.Launch, Timeout.InfiniteTimeSpan, cancellationToken)
                .ConfigureAwait(false) is { } killer)
        {
            process.Kill(killer);
        }

        throw BootError.From(failure, await process.Exited.WaitAsync(cancellationToken).ConfigureAwait(false), Title, source.Launch);
    }
}
