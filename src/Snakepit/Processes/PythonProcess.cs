using System.ComponentModel;
using System.Diagnostics;
using Snakepit.Contracts.Exceptions;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>
/// A Python process that this one started: the template, or a spawned worker. Its standard input is the lifeline: the write end lives only
/// here, nothing is ever written, and when this process ends, however it ends, the kernel kills the other one with its whole group.
/// </summary>
internal sealed class PythonProcess
{
    // After a process's end, what it has started may still hold its output open until it is killed as well. Less than a caller waits for the exit.
    private static readonly TimeSpan OutputGrace = TimeSpan.FromMilliseconds(400);

    private readonly Process _process;
    private readonly OutputTail _output;
    private readonly string _mark;
    private readonly OrphanReaper _orphans;
    private volatile bool _hasEnded;

    private PythonProcess(Process process, OutputTail output, string mark, OrphanReaper orphans)
    {
        (_process, _output, _mark, _orphans) = (process, output, mark, orphans);
        Id = process.Id;
        Exited = WatchAsync();
    }

    public int Id { get; }

    /// <summary>Completes when the process has ended and its output has been read.</summary>
    public Task<ProcessExit> Exited { get; }

    public IReadOnlyList<string> LastOutput => _output.Lines;

    /// <summary>Starts the Python package in a role, <c>template</c> or <c>worker</c>.</summary>
    /// <exception cref="PythonNotFoundException">The interpreter cannot be executed.</exception>
    public static PythonProcess Start(string interpreter, string role, PythonSettings settings, SnakepitOptions options, OutputTail output, OrphanReaper orphans)
    {
        // -P: the working directory is no place to import from unless the settings say so.
        var start = new ProcessStartInfo(interpreter, ["-P", "-m", "snakepit_worker", role, .. settings.ToArguments()])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var inherited = Environment.GetEnvironmentVariable("PYTHONPATH");
        start.Environment["PYTHONPATH"] = string.Join(
            Path.PathSeparator, options.ModulePaths.Append(PythonPackage.Locate()).Append(inherited).Where(path => !string.IsNullOrEmpty(path)));
        foreach (var (name, value) in PythonEnvironment.Of(options))
        {
            start.Environment[name] = value;
        }

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
                $"'{interpreter}' cannot be started: {exception.Message}. Set {PythonLocator.Variable} or {nameof(SnakepitOptions)}."
                + $"{nameof(SnakepitOptions.PythonPath)} to a Python interpreter.", exception);
        }

        return new PythonProcess(process, output, mark, orphans);
    }

    /// <summary>Signals the process and its group.</summary>
    public void Signal(int number)
    {
        if (!_hasEnded)
        {
            // The group exists only once the process has made it.
            Signals.Send(Id, number);
            Signals.SendToGroup(Id, number);
        }
    }

    private async Task<ProcessExit> WatchAsync()
    {
        var reading = ReadOutputAsync(_process.StandardError.BaseStream);
        await _process.WaitForExitAsync();
        _hasEnded = true; // its number may be another process's from now on
        // What its tools have started goes with it, in its group or not.
        Signals.SendToGroup(Id, Signals.Kill);
        _orphans.Hunt(_mark);
        await reading.EndsWithinAsync(OutputGrace);
        _output.Complete();
        var exit = ProcessExit.FromExitCode(_process.ExitCode, _output.Lines);
        _process.Dispose();
        return exit;
    }

    private async Task ReadOutputAsync(Stream stream)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer)) > 0)
            {
                _output.Add(buffer.AsSpan(0, count));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The process was disposed while a child of its own still held the pipe.
        }
    }
}
