using Snakepit.Contracts.Exceptions;
using Snakepit.HostTools;
using Snakepit.Processes;
using Snakepit.Protocol;
using Snakepit.Protocol.V1;
using Snakepit.Threading;

namespace Snakepit.Workers;

/// <summary>
/// A worker's process and the connection to it, from launch to end. Whether the worker is idle, busy or being replaced is not known here,
/// but kept in the pool's <see cref="Scheduling.WorkerEntry"/>.
/// </summary>
/// <param name="source">Creates the process.</param>
/// <param name="openTransport">Opens the stream to the worker's endpoint.</param>
/// <param name="toolbox">The host tools that Python may call.</param>
/// <param name="startTimeout">How long the start may take.</param>
/// <param name="time">The clock.</param>
internal sealed class PythonWorker(
    IWorkerSource source, Func<string, ITransport> openTransport, HostToolbox toolbox, TimeSpan startTimeout, TimeProvider time)
    : IAsyncDisposable
{
    // After a crash the broken stream is often noticed before the end of the process, but only the end has the exit code.
    private static readonly TimeSpan ExitGrace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(5);

    private WorkerProcess? _process;
    private WorkerConnection? _connection;

    /// <summary>The worker's number; no number is used twice in a pool.</summary>
    public int Number { get; } = source.NextWorker();

    /// <summary>0 until the process exists.</summary>
    public int ProcessId => _process?.Id ?? 0;

    /// <summary>The socket that the worker serves on; empty until it listens.</summary>
    public string Endpoint { get; private set; } = "";

    /// <summary>When the worker passed each step of its start; null until it is ready.</summary>
    public WorkerStartTimes? StartTimes { get; private set; }

    /// <summary>Frames sent to the worker and received from it.</summary>
    public long Frames => _connection?.Frames ?? 0;

    /// <summary>The connection of the started worker.</summary>
    public WorkerConnection Connection => _connection ?? throw new InvalidOperationException($"Worker {Number} is not started.");

    /// <summary>Completes when the started worker cannot be used any more: its process has ended or its stream is closed.</summary>
    public Task Gone { get; private set; } = Task.CompletedTask;

    /// <summary>Completes when the process has ended.</summary>
    public Task Exited => _process?.Exited ?? Task.CompletedTask;

    private string Title => $"Worker {Number}";

    /// <summary>
    /// Launches the process and returns when the worker has answered a first ping. If it throws, nothing is left running.
    /// </summary>
    /// <param name="callEnded">Called when the worker has answered a call. Returns the queued caller who takes the slot.</param>
    /// <param name="callAbandoned">Called when a caller gives up before the worker has answered.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="PoolStartException">The worker cannot be started; the type says why.</exception>
    public async Task StartAsync(
        Func<PendingCall, INextCaller?> callEnded, Action<PendingCall> callAbandoned, CancellationToken cancellationToken)
    {
        var process = _process = await source.LaunchAsync(Number, cancellationToken);
        using var deadline = new CancellationTokenSource(startTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var ready = false;
        var launched = time.GetUtcNow();
        try
        {
            var control = await ConnectedAsync(process, either.Token);
            var connected = time.GetUtcNow();
            Endpoint = await ListeningAsync(process, control, either.Token);
            var listening = time.GetUtcNow();
            _connection = new WorkerConnection(openTransport(Endpoint), control, callEnded, callAbandoned, toolbox, time);
            Gone = Task.WhenAny(_connection.Closed, process.Exited);
            await _connection.PingAsync(either.Token);
            StartTimes = new WorkerStartTimes(launched, connected, listening, time.GetUtcNow());
            ready = true;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw await BootError.TimedOutAsync(process.Signal, process.Exited, () => process.LastOutput, Title, startTimeout);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            process.Signal(Signals.Kill);
            var exit = await process.Exited;
            throw process.IsLostWithTemplate ? new TemplateLostException(Number) : new WorkerStartException(Title, exit);
        }
        catch (WorkerStartException) when (process.IsLostWithTemplate)
        {
            throw new TemplateLostException(Number);
        }
        finally
        {
            if (!ready)
            {
                await KillAsync();
                if (_connection is null)
                {
                    _ = CloseAsync(process.Control); // the control channel may still be on its way
                }
            }
        }
    }

    /// <summary>Kills the process and waits for its end.</summary>
    public Task KillAsync()
    {
        Signal(Signals.Kill);
        return Exited.EndsWithinAsync(KillGrace);
    }

    /// <summary>
    /// After <see cref="Gone"/>: makes sure that the process has ended, and returns how. Null if that cannot be found out.
    /// </summary>
    public async Task<ProcessExit?> EndAsync()
    {
        var exited = _process!.Exited;
        if (Connection.Fault is not null || !await exited.EndsWithinAsync(ExitGrace))
        {
            await KillAsync();
        }

        // Answers that the worker has sent before its end are still valid, and may not have been read yet.
        await Connection.Closed.EndsWithinAsync(ExitGrace);
        return exited.IsCompletedSuccessfully ? await exited : null;
    }

    /// <summary>Signals the worker's process group, unless the process has ended.</summary>
    public void Signal(int signal) => _process?.Signal(signal);

    /// <summary>Closes the connection.</summary>
    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task CloseAsync(Task<ControlConnection> control)
    {
        try
        {
            (await control).Dispose();
        }
        catch (OperationCanceledException)
        {
            // The process ended before it opened its control channel.
        }
    }

    private async Task<ControlConnection> ConnectedAsync(WorkerProcess process, CancellationToken cancellationToken)
    {
        await Task.WhenAny(process.Control, process.Exited).WaitAsync(cancellationToken);
        if (process.Control.IsCompletedSuccessfully
            || (process.Exited.IsCompleted && BootError.IsReported((await process.Exited).ExitCode)))
        {
            return await process.Control.WaitAsync(cancellationToken);
        }

        throw BootError.From(failure: null, await process.Exited.WaitAsync(cancellationToken), Title, source.Launch);
    }

    private async Task<string> ListeningAsync(WorkerProcess process, ControlConnection control, CancellationToken cancellationToken)
    {
        BootFailure? failure = null;
        while (await control.ReceiveAsync(cancellationToken) is { } report)
        {
            if (report.Listening is { } listening)
            {
                return listening.Endpoint;
            }

            failure ??= report.BootFailure;
        }

        control.Dispose();
        throw BootError.From(failure, await process.Exited.WaitAsync(cancellationToken), Title, source.Launch);
    }
}
