using System.Diagnostics;
using System.Text.Json;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Arms;

/// <summary>
/// An arm is a running host process (a process that measures the pool in its own build) of one side of a comparison. Each round starts a
/// new arm for each side. An arm runs one slot (a request for one measurement) at a time.
/// </summary>
internal sealed class Arm : IAsyncDisposable
{
    private const int KeptErrorLines = 20;

    // The longest wait for a line of the host. Every slot takes far less time, so a host that needs more has stopped responding.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly IArmObserver? _observer;
    private readonly Queue<string> _errors = new();
    private readonly Task _readingErrors;
    private long _lastId;

    private Arm(Side side, Process process, IArmObserver? observer)
    {
        (Side, _process, ProcessId, _observer) = (side, process, process.Id, observer);
        _readingErrors = ReadErrorsAsync();
    }

    public Side Side { get; }

    public int ProcessId { get; }

    /// <summary>The first line of the host, which describes it: its revision, its directory and its slots.</summary>
    public Greeting Greeting { get; private set; } = null!;

    /// <summary>Starts the host program of the build in <paramref name="directory"/>.</summary>
    /// <inheritdoc cref="StartAsync(Side, HostProgram, string, bool, CancellationToken, IArmObserver?)"/>
    public static Task<Arm> StartAsync(
        Side side, string directory, string python, bool settled, CancellationToken cancellationToken, IArmObserver? observer = null) =>
        StartAsync(side, HostProgram.In(directory), python, settled, cancellationToken, observer);

    /// <summary>Starts a host and reads its greeting.</summary>
    /// <param name="side">The side of the comparison that the host belongs to.</param>
    /// <param name="program">The program to start.</param>
    /// <param name="python">The Python interpreter for the workers of the host. Both sides use the same interpreter.</param>
    /// <param name="settled">
    /// True to make the host reach the speed of a long-running program within a fraction of a second; false to let it behave like a program
    /// that has just been started.
    /// </param>
    /// <param name="cancellationToken">Cancels the start and ends the host.</param>
    /// <param name="observer">Watches the host. Default: null, nobody does.</param>
    /// <exception cref="ArmLostException">The host ended or stopped responding before it sent its greeting.</exception>
    /// <exception cref="NotComparableException">The host speaks a version of the protocol that this program does not speak.</exception>
    public static async Task<Arm> StartAsync(
        Side side,
        HostProgram program,
        string python,
        bool settled,
        CancellationToken cancellationToken,
        IArmObserver? observer = null)
    {
        var arm = new Arm(side, program.Start(side, python, settled, observer is null ? null : observer.SetUp), observer);
        try
        {
            arm.Greeting = await arm.ReadAsync<Greeting>("to greet", cancellationToken);
            if (arm.Greeting.Protocol is < HostProtocol.Oldest or > HostProtocol.Current)
            {
                throw new NotComparableException(
                    $"the host of the {side.ToWord()} speaks protocol {arm.Greeting.Protocol}, and this orchestrator speaks "
                    + $"{HostProtocol.Oldest} to {HostProtocol.Current}",
                    "move the pin with 'bench pin'");
            }

            await (observer?.StartedAsync(arm.ProcessId) ?? Task.CompletedTask);
            return arm;
        }
        catch
        {
            await arm.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a slot (a request for one measurement) to the host, and returns the reply.</summary>
    /// <param name="slot">The slot to run.</param>
    /// <param name="cancellationToken">Cancels waiting for the reply. The arm cannot be used afterwards.</param>
    /// <exception cref="ArmLostException">The host process has ended, does not respond, or reports that the slot failed.</exception>
    /// <exception cref="SlotUnknownException">
    /// The host is older than this slot and does not have it. The host can still run other slots.
    /// </exception>
    public async Task<TReply> RunAsync<TReply>(Slot<TReply> slot, CancellationToken cancellationToken)
        where TReply : Reply, new()
    {
        var (id, name, began) = (++_lastId, Slot.NameOf(slot.GetType()), Stopwatch.GetTimestamp());
        try
        {
            await _process.StandardInput.WriteLineAsync(SlotRequest.Line(id, slot).AsMemory(), cancellationToken);
            await _process.StandardInput.FlushAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw await LostAsync($"ended before the slot '{name}'", exception);
        }

        var answer = await ReadAsync<SlotReply>($"to run the slot '{name}'", cancellationToken) switch
        {
            { Error: { } error } => throw new ArmLostException(Side, $"failed in the slot '{name}': {error}", null),
            var reply when reply.Id != id =>
                throw new ArmLostException(Side, $"answered request {reply.Id} instead of {id}, the slot '{name}'", null),
            { Unknown: true } => throw new SlotUnknownException(name),
            var reply => Reply.Read<TReply>(reply),
        };
        _observer?.Ran(slot, answer, began, Stopwatch.GetTimestamp());
        return answer;
    }

    /// <summary>
    /// Kills the host process when its results are no longer needed. The workers of the host exit as well, because their connections to it
    /// break.
    /// </summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            Signals.Send(ProcessId, Signals.Kill);
        }
    }

    /// <summary>Ends the host process and every process that it has started.</summary>
    public async ValueTask DisposeAsync()
    {
        await (_observer?.EndingAsync() ?? Task.CompletedTask);
        await Subprocess.EndInputAsync(_process, EndGrace);
        if (!_process.HasExited)
        {
            Kill();
            await _process.WaitForExitAsync();
        }

        await _readingErrors;
        _process.Dispose();
    }

    private async Task<T> ReadAsync<T>(string task, CancellationToken cancellationToken)
    {
        string? line;
        try
        {
            line = await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new ArmLostException(Side, $"needed longer than {Patience.TotalSeconds} s {task}", exception);
        }

        if (line is null)
        {
            throw await LostAsync($"ended when it was asked {task}", null);
        }

        try
        {
            return JsonSerializer.Deserialize<T>(line, HostProtocol.Format) ?? throw new JsonException("It is null.");
        }
        catch (JsonException exception)
        {
            throw new ArmLostException(Side, $"was asked {task} and printed something else: {line}", exception);
        }
    }

    private async Task<ArmLostException> LostAsync(string what, Exception? cause)
    {
        await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(EndGrace));
        if (_process.HasExited)
        {
            await _readingErrors;
            what += $", exit code {_process.ExitCode}";
        }

        lock (_errors)
        {
            return new ArmLostException(Side, _errors.Count == 0 ? what : $"{what}:\n{string.Join('\n', _errors)}", cause);
        }
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_errors)
            {
                _errors.Enqueue(line);
                if (_errors.Count > KeptErrorLines)
                {
                    _errors.Dequeue();
                }
            }
        }
    }
}
