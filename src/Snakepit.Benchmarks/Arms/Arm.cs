using System.Diagnostics;
using System.Text.Json;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Arms;

/// <summary>One side of a round: a fresh host process of one revision, driven slot by slot.</summary>
internal sealed class Arm : IAsyncDisposable
{
    private const int KeptErrorLines = 20;

    // Far above what any slot takes: a host that needs longer hangs.
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

    /// <summary>Starts the host program in a directory and reads its greeting.</summary>
    /// <param name="side">Which side it is.</param>
    /// <param name="directory">Where the build is.</param>
    /// <param name="python">The interpreter for its workers; one for both sides.</param>
    /// <param name="settled">Whether it is to be as fast as a program that has run for a while, rather than as one that has just been started.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="ArmLostException">It did not greet.</exception>
    /// <exception cref="NotComparableException">It speaks a protocol that this orchestrator does not.</exception>
    public static async Task<Arm> StartAsync(Side side, string directory, string python, bool settled, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(DotnetEnvironment.Muxer, ["exec", Path.Combine(directory, "Snakepit.Benchmarks.dll"), "host"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        DotnetEnvironment.Clean(start.Environment);
        if (settled)
        {
            DotnetEnvironment.Settle(start.Environment);
        }

        start.Environment[PythonLocator.Variable] = python;
        var process = new Process { StartInfo = start };
        process.Start();
        var arm = new Arm(side, process);
        try
        {
            arm.Greeting = await arm.ReadAsync<Greeting>("to greet", cancellationToken);
            return arm.Greeting.Protocol is >= HostProtocol.Oldest and <= HostProtocol.Current
                ? arm
                : throw new NotComparableException(
                    $"the host of the {side} speaks protocol {arm.Greeting.Protocol}, and this one speaks {HostProtocol.Oldest} to {HostProtocol.Current}",
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
    /// <exception cref="SlotUnknownException">The host has no such slot. It can run others.</exception>
    public async Task<TReply> RunAsync<TReply>(Slot<TReply> slot, CancellationToken cancellationToken)
        where TReply : Reply, new() => Reply.Read<TReply>(await AskAsync(slot, cancellationToken));

    private async Task<SlotReply> AskAsync(Slot slot, CancellationToken cancellationToken)
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

        var reply = await ReadAsync<SlotReply>($"to run the slot '{name}'", cancellationToken);
        return reply switch
        {
            { Error: { } error } => throw new ArmLostException(Side, $"failed in the slot '{name}': {error}", null),
            _ when reply.Id != id => throw new ArmLostException(Side, $"answered request {reply.Id} instead of {id}, the slot '{name}'", null),
            { Unknown: true } => throw new SlotUnknownException(name),
            _ => reply,
        };
    }

    /// <summary>Kills the host: nobody waits for what it measures any more. Its workers hold a lifeline to it and follow.</summary>
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
            throw await LostAsync($"ended instead {task}", null);
        }

        try
        {
            return JsonSerializer.Deserialize<T>(line, HostProtocol.Format) ?? throw new JsonException("It is null.");
        }
        catch (JsonException exception)
        {
            throw new ArmLostException(Side, $"printed something else instead {task}: {line}", exception);
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
