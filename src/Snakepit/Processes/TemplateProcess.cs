using System.Collections.Concurrent;
using Snakepit.Diagnostics;
using Snakepit.Pooling;
using Snakepit.Protocol.V1;

namespace Snakepit.Processes;

/// <summary>The process that has prepared the adapter and forks workers on command.</summary>
internal sealed class TemplateProcess
{
    private readonly PythonProcess _process;
    private readonly ControlListener _listener;
    private readonly PrintedLines _printed;
    private readonly ConcurrentDictionary<int, ForkedProcess> _workers = new();
    private readonly TaskCompletionSource<uint> _prepared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private ControlConnection? _control;
    private long _connectedAt, _preparedAt;
    private volatile bool _isEnding;

    private TemplateProcess(
        PythonProcess process, ControlListener listener, Task<ControlConnection> control, PrintedLines printed, SnakepitOptions options, string interpreter)
    {
        _process = process;
        _listener = listener;
        _time = options.TimeProvider;
        _startedAt = _time.GetTimestamp();
        _printed = printed;
        Exited = RunAsync(control, options, interpreter);
    }

    public int Id => _process.Id;

    /// <summary>Completes when the adapter is prepared, with the number of threads that forbid a fork; fails if that is not to be.</summary>
    public Task<uint> Prepared => _prepared.Task;

    /// <summary>Completes when the template and all its workers have ended.</summary>
    public Task<ProcessExit> Exited { get; }

    /// <summary>Once it is prepared: when it was started, its interpreter had booted, and imports and preparation were done.</summary>
    public (long Started, long Connected, long Prepared) Moments => (_startedAt, _connectedAt, _preparedAt);

    public IReadOnlyList<string> LastOutput => _process.LastOutput;

    public static TemplateProcess Start(string interpreter, SnakepitOptions options, ControlListener listener)
    {
        var control = listener.Expect(worker: 0);
        var (logger, printed) = (options.CreateLogger("Snakepit.Template"), new PrintedLines(options.CreateLogger("Snakepit.Worker")));
        var process = PythonProcess.Start(
            interpreter, "template", new PythonSettings(options, listener), options, new OutputTail(line => logger.TemplateOutput(line)));
        listener.ForgetAfter(process.Exited, 0, control);
        return new TemplateProcess(process, listener, control, printed, options, interpreter);
    }

    /// <summary>Asks for one more worker; null if the template is ending or has ended.</summary>
    public ForkedProcess? TryFork(int number)
    {
        var output = new OutputTail(line => _printed.Add(number, line));
        var worker = new ForkedProcess(number, this, output, _listener.Expect(number));
        _listener.ForgetAfter(worker.Exited, number, worker.Control);
        _workers[number] = worker;
        if (_control?.Send(new Command { Fork = new Fork { Workers = { (uint)number } } }) == true && !_isEnding)
        {
            return worker;
        }

        Lose(number, status: null);
        return null;
    }

    public void Signal(ForkedProcess worker, int number) =>
        _control?.Send(new Command { Signal = new Protocol.V1.Signal { Worker = (uint)worker.Worker, Number = (uint)number } });

    /// <summary>Signals the template alone; its workers follow it.</summary>
    public void Signal(int number) => _process.Signal(number);

    /// <summary>Ends the template: it kills what it still owns and exits, or is killed if it does not answer.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        _control?.Dispose();
        if (_control is null || await Task.WhenAny(_process.Exited, Task.Delay(patience)) != _process.Exited)
        {
            _process.Signal(Signals.Kill);
        }

        await Exited;
    }

    private async Task<ProcessExit> RunAsync(Task<ControlConnection> control, SnakepitOptions options, string interpreter)
    {
        BootFailure? failure = null;
        try
        {
            _control = await control;
            _connectedAt = _time.GetTimestamp();
            while (await _control.ReceiveAsync(CancellationToken.None) is { } report)
            {
                failure ??= report.BootFailure;
                Take(report);
            }
        }
        catch (OperationCanceledException)
        {
            // It ended before it connected.
        }
        catch (InvalidDataException)
        {
            _process.Signal(Signals.Kill);
        }

        _isEnding = true;
        var exit = await _process.Exited;
        foreach (var (number, worker) in _workers)
        {
            // The kernel has killed the workers with their template; what their tools had started without the mark may still be in their groups.
            Signals.SendToGroup(worker.Id, Signals.Kill);
            Lose(number, status: null);
        }

        await _printed.CompleteAsync();
        _prepared.TrySetException(BootError.From(failure, exit, "The template", options, interpreter));
        _ = _prepared.Task.Exception; // it may be that nobody waits for it
        _control?.Dispose();
        return exit;
    }

    private void Take(Report report)
    {
        switch (report.ReportCase)
        {
            case Report.ReportOneofCase.Prepared:
                _preparedAt = _time.GetTimestamp();
                _prepared.TrySetResult(report.Prepared.ExtraThreads);
                break;
            case Report.ReportOneofCase.Forked when _workers.TryGetValue((int)report.Forked.Worker, out var worker):
                worker.Forked((int)report.Forked.Pid);
                break;
            case Report.ReportOneofCase.WorkerOutput when _workers.TryGetValue((int)report.WorkerOutput.Worker, out var worker):
                worker.Printed(report.WorkerOutput.Text.Span);
                break;
            case Report.ReportOneofCase.WorkerExited:
                Lose((int)report.WorkerExited.Worker, report.WorkerExited.Status);
                break;
            default:
                break; // a boot failure is told when the process has ended
        }
    }

    /// <summary>A worker has ended, with a status of its own or else with this template.</summary>
    private void Lose(int number, int? status)
    {
        if (!_workers.TryRemove(number, out var worker))
        {
            return;
        }

        if (status is { } own)
        {
            worker.Ended(own);
        }
        else
        {
            // A template that dies young again and again delays the next start like a worker that does.
            worker.EndedWithTemplate(isInnocent: _time.GetElapsedTime(_preparedAt) >= RestartBackoff.Youth);
        }
    }
}
