using Snakepit.Contracts.Exceptions;
using Snakepit.HostTools;
using Snakepit.Processes;
using Snakepit.Protocol;
using Snakepit.Protocol.Direct;
using Snakepit.Protocol.Grpc;
using Snakepit.Protocol.V1;
using Snakepit.Scheduling;
using Snakepit.Threading;

namespace Snakepit.Workers;

/// <summary>One worker: its process and the connection to it, from launch to end.</summary>
internal sealed class PythonWorker(int number, SnakepitOptions options, HostToolbox toolbox) : IAsyncDisposable
{
    // After a crash the broken stream is often noticed before the process's end, which tells more.
    private static readonly TimeSpan ExitGrace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(5);

    private WorkerProcess? _process;
    private WorkerConnection? _connection;
    private volatile bool _isStuck, _isDrained;

    public int Number => number;

    public int ProcessId => _process?.Id ?? 0;

    public string Endpoint { get; private set; } = "";

    /// <summary>When it was launched, when its process had opened its control channel, when it listened, and when it had answered its first ping.</summary>
    public (long Launched, long Connected, long Listening, long Ready) Moments { get; private set; }

    /// <summary>How many frames have gone to it and come from it.</summary>
    public long Frames => _connection?.Frames ?? 0;

    /// <summary>How calls reach it, once it is started.</summary>
    public WorkerConnection Connection => _connection ?? throw new InvalidOperationException($"Worker {number} is not started.");

    /// <summary>Launches the process and returns when it has answered a first ping. Nothing is left running if it throws.</summary>
    /// <param name="source">Where processes come from.</param>
    /// <param name="callEnded">Told of every call that the worker has answered; returns who takes its place.</param>
    /// <param name="callAbandoned">Told of every call whose caller does not wait for that.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="PoolStartException">It cannot be started; the type tells why.</exception>
    public async Task StartAsync(
        IWorkerSource source, Func<PendingCall, ISuccessor?> callEnded, Action<PendingCall> callAbandoned, CancellationToken cancellationToken)
    {
        var process = _process = await source.LaunchAsync(number, cancellationToken);
        using var deadline = new CancellationTokenSource(options.StartTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var ready = false;
        var launched = options.TimeProvider.GetTimestamp();
        try
        {
            var control = await ConnectedAsync(process, source.Interpreter, either.Token);
            var connected = options.TimeProvider.GetTimestamp();
            Endpoint = await ListeningAsync(process, control, source.Interpreter, either.Token);
            var listening = options.TimeProvider.GetTimestamp();
            _connection = new WorkerConnection(
                OpenTransport(), control, callEnded, callAbandoned, toolbox, options.TimeProvider);
            Gone = Task.WhenAny(_connection.Closed, process.Exited);
            await _connection.PingAsync(either.Token);
            Moments = (launched, connected, listening, options.TimeProvider.GetTimestamp());
            ready = true;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw await BootError.TimedOutAsync(process.Signal, process.Exited, () => process.LastOutput, $"Worker {number}", options);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            process.Signal(Signals.Kill);
            var exit = await process.Exited;
            throw process.IsLostWithTemplate ? new TemplateLostException(number) : new WorkerStartException($"Worker {number}", exit);
        }
        catch (WorkerStartException) when (process.IsLostWithTemplate)
        {
            throw new TemplateLostException(number);
        }
        finally
        {
            if (!ready)
            {
                await KillAsync();
                if (_connection is null)
                {
                    _ = CloseAsync(process.Control); // or whenever it comes
                }
            }
        }
    }

    private ITransport OpenTransport() => options.Transport == WorkerTransport.Direct
        ? DirectTransport.Open(Endpoint, options.MaxPayloadBytes)
        : GrpcTransport.Open(Endpoint, options.MaxPayloadBytes);

    /// <summary>Completes when the started worker cannot be used any more.</summary>
    public Task Gone { get; private set; } = Task.CompletedTask;

    /// <summary>True once it has been asked to finish what it runs and to exit.</summary>
    public bool IsDrained => _isDrained;

    /// <summary>True once it runs a call that it will never answer.</summary>
    public bool IsStuck { get => _isStuck; set => _isStuck = value; }

    /// <summary>Asks it to finish what it runs and to exit.</summary>
    public void Drain()
    {
        _isDrained = true;
        Connection.Drain();
    }

    /// <summary>Kills the process and waits for its end.</summary>
    public Task KillAsync()
    {
        Signal(Signals.Kill);
        return Exited.EndsWithinAsync(KillGrace);
    }

    /// <summary>After <see cref="Gone"/>: makes sure that the process has ended, and returns how; null if that cannot be found out.</summary>
    public async Task<ProcessExit?> EndAsync()
    {
        var exited = _process!.Exited;
        if (Connection.Fault is not null || !await exited.EndsWithinAsync(ExitGrace))
        {
            await KillAsync();
        }

        // What it has sent before its end still counts, and may not have been read yet.
        await Connection.Closed.EndsWithinAsync(ExitGrace);
        return exited.IsCompletedSuccessfully ? await exited : null;
    }

    /// <summary>Signals its process group, unless it has ended.</summary>
    public void Signal(int signal) => _process?.Signal(signal);

    /// <summary>Completes when the process has ended.</summary>
    public Task Exited => _process?.Exited ?? Task.CompletedTask;

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
            // It never came.
        }
    }

    private async Task<ControlConnection> ConnectedAsync(WorkerProcess process, string interpreter, CancellationToken cancellationToken)
    {
        await Task.WhenAny(process.Control, process.Exited).WaitAsync(cancellationToken);
        if (process.Control.IsCompletedSuccessfully || (process.Exited.IsCompleted && BootError.IsReported((await process.Exited).ExitCode)))
        {
            return await process.Control.WaitAsync(cancellationToken);
        }

        throw BootError.From(failure: null, await process.Exited.WaitAsync(cancellationToken), $"Worker {number}", options, interpreter);
    }

    private async Task<string> ListeningAsync(WorkerProcess process, ControlConnection control, string interpreter, CancellationToken cancellationToken)
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
        throw BootError.From(failure, await process.Exited.WaitAsync(cancellationToken), $"Worker {number}", options, interpreter);
    }
}
