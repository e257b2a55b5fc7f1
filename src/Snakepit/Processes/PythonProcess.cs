using System.ComponentModel;
using System.Diagnostics;
using Snakepit.Contracts.Exceptions;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>
/// A Python process that the .NET process has started: the template, or a spawned worker. Its standard input is its lifeline: a pipe to
/// which nothing is ever written, and whose write end only the .NET process holds. When the .NET process ends for any reason, the pipe
/// closes. The kernel then kills the Python process together with its process group, or wakes it, if it is a template that only waits.
/// </summary>
/// <remarks>
/// A spawned worker has a keeper: the .NET process has started the keeper, which forks the worker, kills what the worker has left behind
/// when it ends, and ends with the worker's exit code (<c>process/keeper.py</c>).
/// </remarks>
internal sealed class PythonProcess
{
    // The time to go on reading output after the process has ended. Programs that the process has started may keep its output open until
    // they are killed too. A longer time would delay callers, who wait 500 ms for the exit of the process.
    private static readonly TimeSpan OutputGrace = TimeSpan.FromMilliseconds(400);

    private const string KeeperName = "snakepit-keeper"; // as in process/keeper.py

    private readonly Process _process;
    private readonly Stream _lifeline;
    private readonly OutputTail _output;
    private readonly Task<ControlConnection> _control;
    private readonly int _started;
    private readonly bool _isKept;
    private volatile bool _hasEnded;
    private volatile string? _killer;

    private PythonProcess(Process process, OutputTail output, Task<ControlConnection> control, bool isKept)
    {
        (_process, _output, _control, _isKept) = (process, output, control, isKept);
        (_started, _lifeline) = (process.Id, process.StandardInput.BaseStream);
        Exited = WatchAsync();
    }

    /// <summary>
    /// The process id. That of a spawned worker is 0 until the worker reports it, which it does when it opens its control channel.
    /// </summary>
    public int Id => !_isKept ? _started : _control.IsCompletedSuccessfully ? _control.Result.ProcessId : 0;

    /// <summary>Completes when the process has ended and its output has been read.</summary>
    public Task<ProcessExit> Exited { get; }

    public IReadOnlyList<string> LastOutput => _output.Lines;

    /// <summary>Starts a Python process.</summary>
    /// <param name="start">The command line and the environment.</param>
    /// <param name="output">Gets what the process prints.</param>
    /// <param name="control">Completes when the process has opened its control channel.</param>
    /// <param name="isKept">Whether the process that is started becomes the keeper of another one.</param>
    /// <exception cref="PythonNotFoundException">The interpreter cannot be executed.</exception>
    /// <exception cref="SystemLimitException">The operating system has no process, memory or file descriptor left for it.</exception>
    public static PythonProcess Start(ProcessStartInfo start, OutputTail output, Task<ControlConnection> control, bool isKept)
    {
        var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            process.Dispose();
            throw StartFailure.Of(start.FileName, exception);
        }

        return new PythonProcess(process, output, control, isKept);
    }

    /// <summary>Kills the process and its process group.</summary>
    /// <param name="killer">Who kills it and why, see <see cref="ProcessExit.Killer"/>.</param>
    public void Kill(string killer)
    {
        _killer ??= killer;
        Signal(Signals.Kill);
    }

    /// <summary>Signals the process and its process group.</summary>
    public void Signal(int number)
    {
        var id = Id;
        if (_hasEnded)
        {
            return;
        }

        if (id == 0 && number == Signals.Kill && ProcessFacts.NameOf(_started) == KeeperName)
        {
            _lifeline.Dispose(); // makes the keeper kill everything below it, as if this program had ended
        }
        else if (id == 0)
        {
            Signals.Send(_started, number); // it is no keeper yet, or ignores all other signals
        }
        else if (!_isKept || ProcessFacts.ParentOf(id) == _started) // otherwise it has ended, and its id may belong to another process
        {
            Signals.Send(id, number); // also by its own id, because its process group exists only after Python has created it
            Signals.SendToGroup(id, number);
            if (_isKept)
            {
                Signals.Send(_started, Signals.Continue); // a keeper that was stopped together with its child must notice the child's end
            }
        }
    }

    private async Task<ProcessExit> WatchAsync()
    {
        // Python soon makes its standard output the same file as its standard error. What it prints before that, such as what
        // sitecustomize prints, arrives on a pipe of its own.
        var reading = Task.WhenAll(
            ReadOutputAsync(_process.StandardError.BaseStream, _output.Add),
            ReadOutputAsync(_process.StandardOutput.BaseStream, _output.AddStandardOutput));
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _hasEnded = true; // the kernel may give the process id to another process from now on
        Signals.SendToGroup(Id, Signals.Kill);
        await reading.EndsWithinAsync(OutputGrace).ConfigureAwait(false);
        _output.Complete();
        var exit = ProcessExit.FromExitCode(_process.ExitCode, _output.Lines) with { Killer = _killer };
        await _lifeline.DisposeAsync().ConfigureAwait(false); // the process object leaves its pipes to the garbage collector
        _process.StandardError.Dispose();
        _process.StandardOutput.Dispose();
        _process.Dispose();
        return exit;
    }

    private static async Task ReadOutputAsync(Stream stream, Action<ReadOnlySpan<byte>> add)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            {
                add(buffer.AsSpan(0, count));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // WatchAsync has disposed the process, although a program that the process had started still kept the output open.
        }
    }
}
