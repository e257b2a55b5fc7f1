using System.Diagnostics;
using System.Text.Json;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Arms;

/// <summary>One side of a round: a fresh host process of one revision, which runs one slot after the other.</summary>
internal sealed class Arm : IAsyncDisposable
{
    private const int KeptErrorLines = 20;

    // Far longer than any slot takes: a host that needs more time hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly Queue<string> _errors = new();
    private readonly Task _readingErrors;
    private long _lastId;

    private Arm(Side side, Process process)
    {
        (Side, _process, ProcessId) = (side, process, process.Id);
        _readingErrors = ReadErrorsAsync();
    }

    public Side Side { get; }

    public int ProcessId { get; }

    /// <summary>What the host says of itself.</summary>
    public Greeting Greeting { get; private set; } = null!;

    /// <summary>Starts the host of the build in a directory.</summary>
    /// <inheritdoc cref="StartAsync(Side, HostProgram, string, bool, CancellationToken)"/>
    public static Task<Arm> StartAsync(Side side, string directory, string python, bool settled, CancellationToken cancellationToken) =>
        StartAsync(side, HostProgram.In(directory), python, settled, cancellationToken);

    /// <summary>Starts a host and reads its greeting.</summary>
    /// <param name="side">Which side it is.</param>
    /// <param name="program">The program of the host.</param>
    /// <param name="python">The interpreter for its workers, the same for both sides.</param>
    /// <param name="settled">
    /// True for a host that soon is as fast as a program that has run for a while; false for one that behaves as a program that has just
    /// been started.
    /// </param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="ArmLostException">The host sent no greeting.</exception>
    /// <exception cref="NotComparableException">The host speaks a protocol that this orchestrator does not.</exception>
    public static async Task<Arm> StartAsync(
        Side side, HostProgram program, string python, bool settled, CancellationToken cancellationToken)
    {
        var arm = new Arm(side, program.Start(python, settled));
        try
        {
            arm.Greeting = await arm.ReadAsync<Greeting>("to greet", cancellationToken);
            return arm.Greeting.Protocol is >= HostProtocol.Oldest and <= HostProtocol.Current
                ? arm
                : throw new NotComparableException(
                    $"the host of the {side.ToWord()} speaks protocol {arm.Greeting.Protocol}, and this orchestrator speaks "
                    + $"{HostProtocol.Oldest} to {HostProtocol.Current}",
                    "move the pin with 'bench pin'");
        }
        catch
        {
            await arm.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a slot and returns what it measured.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="cancellationToken">Gives up; the arm is of no use afterwards.</param>
    /// <exception cref="ArmLostException">The host has ended, hangs, or says that the slot failed.</exception>
    /// <exception cref="SlotUnknownException">The host has no such slot. It can still run others.</exception>
    public async Task<TReply> RunAsync<TReply>(Slot<TReply> slot, CancellationToken cancellationToken)
        where TReply : Reply, new()
    {
        var (id, name) = (++_lastId, Slot.NameOf(slot.GetType()));
        try
        {
            await _process.StandardInput.WriteLineAsync(SlotRequest.Line(id, slot).AsMemory(), cancellationToken);
            await _process.StandardInput.FlushAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw await LostAsync($"ended before the slot '{name}'", exception);
        }

        return await ReadAsync<SlotReply>($"to run the slot '{name}'", cancellationToken) switch
        {
            { Error: { } error } => throw new ArmLostException(Side, $"failed in the slot '{name}': {error}", null),
            var reply when reply.Id != id =>
                throw new ArmLostException(Side, $"answered request {reply.Id} instead of {id}, the slot '{name}'", null),
            { Unknown: true } => throw new SlotUnknownException(name),
            var reply => Reply.Read<TReply>(reply),
        };
    }

    /// <summary>
    /// Kills the host, whose results nobody waits for any more. Its workers end with it, because their lifelines are cut.
    /// </summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            Signals.Send(ProcessId, Signals.Kill);
        }
    }

    /// <summary>Ends the host and everything that it has started.</summary>
    public async ValueTask DisposeAsync()
    {
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
