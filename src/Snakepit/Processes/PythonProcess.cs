using System.ComponentModel;
using System.Diagnostics;
using Snakepit.Contracts.Exceptions;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>
/// A Python process that the .NET process has started: the template, or a spawned worker. Its standard input is its lifeline: a pipe to
/// which nothing is ever written, and whose write end only the .NET process holds. When the .NET process ends for any reason, the pipe
/// closes. The kernel then kills the Python process together with its process group.
/// </summary>
internal sealed class PythonProcess
{
    // The time to go on reading output after the process has ended. Programs that the process has started may keep its output open until
    // they are killed too. A longer time would delay callers, who wait 500 ms for the exit of the process.
    private static readonly TimeSpan OutputGrace = TimeSpan.FromMilliseconds(400);

    private readonly Process _process;
    private readonly OutputTail _output;
    private readonly string _mark;
    private readonly OrphanReaper _reaper;
    private volatile bool _hasEnded;

    private PythonProcess(Process process, OutputTail output, string mark, OrphanReaper reaper)
    {
        (_process, _output, _mark, _reaper) = (process, output, mark, reaper);
        Id = process.Id;
        Exited = WatchAsync();
    }

    public int Id { get; }

    /// <summary>Completes when the process has ended and its output has been read.</summary>
    public Task<ProcessExit> Exited { get; }

    public IReadOnlyList<string> LastOutput => _output.Lines;

    /// <summary>Starts a Python process.</summary>
    /// <exception cref="PythonNotFoundException">The interpreter cannot be executed.</exception>
    public static PythonProcess Start(ProcessStartInfo start, OutputTail output, OrphanReaper reaper)
    {
        var mark = start.Environment[OrphanReaper.Variable] = OrphanReaper.NewMark();
        var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            process.Dispose();
            throw new PythonNotFoundException(
                $"'{start.FileName}' cannot be started: {exception.Message}. Set {PythonLocator.Variable} or {nameof(SnakepitOptions)}."
                + $"{nameof(SnakepitOptions.PythonPath)} to a Python interpreter.", exception);
        }

        return new PythonProcess(process, output, mark, reaper);
    }

    /// <summary>Signals the process and its process group.</summary>
    public void Signal(int number)
    {
        if (!_hasEnded)
        {
            // The process is also signalled by its own id, because its process group exists only after Python has created it.
            Signals.Send(Id, number);
            Signals.SendToGroup(Id, number);
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
        // Programs that the process has started are killed too, in its process group or outside of it.
        Signals.SendToGroup(Id, Signals.Kill);
        _reaper.Reap(_mark);
        await reading.EndsWithinAsync(OutputGrace).ConfigureAwait(false);
        _output.Complete();
        var exit = ProcessExit.FromExitCode(_process.ExitCode, _output.Lines);
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
