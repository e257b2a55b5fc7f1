using System.Collections.Concurrent;
using Snakepit.Contracts.Exceptions;
using Snakepit.Protocol.V1;
using Snakepit.Scheduling;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>The process that has prepared the adapter and forks workers on command.</summary>
internal sealed class TemplateProcess
{
    private readonly PythonProcess _process;
    private readonly SourceResources _resources;
    private readonly ConcurrentDictionary<int, ForkedProcess> _workers = new();
    private readonly TaskCompletionSource<uint> _prepared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private ControlConnection? _control;
    private long _connectedAt, _preparedAt;
    private volatile bool _isEnding;

    /// <summary>Starts a template; it is not prepared yet.</summary>
    /// <exception cref="PythonNotFoundException">The interpreter cannot be executed.</exception>
    public TemplateProcess(SourceResources resources)
    {
        _resources = resources;
        _time = resources.Options.TimeProvider;
        (_process, var control) = resources.StartTemplate();
        _startedAt = _time.GetTimestamp();
        Exited = RunAsync(control);
    }

    public int Id => _process.Id;

    /// <summary>Completes when the adapter is prepared, with the number of threads that forbid a fork; fails if that is not to be.</summary>
    public Task<uint> Prepared => _prepared.Task;

    /// <summary>Completes when the template and all its workers have ended.</summary>
    public Task<ProcessExit> Exited { get; }

    /// <summary>Once it is prepared: when it was started, its interpreter had booted, and imports and preparation were done.</summary>
    public (long Started, long Connected, long Prepared) Moments => (_startedAt, _connectedAt, _preparedAt);

    public IReadOnlyList<string> LastOutput => _process.LastOutput;

    /// <summary>Asks for one more worker; null if the template is ending or has ended.</summary>
    public ForkedProcess? TryFork(int number)
    {
        var worker = new ForkedProcess(number, this, _resources.OutputOf(number), _resources.Listener.Expect(number));
        _resources.Listener.ForgetAfter(worker.Exited, number, worker.Control);
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
        if (_control is null || !await _process.Exited.EndsWithinAsync(patience))
        {
            _process.Signal(Signals.Kill);
        }

        await Exited;
    }

    private async Task<ProcessExit> RunAsync(Task<ControlConnection> control)
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

        _prepared.TrySetException(BootError.From(failure, exit, "The template", _resources.Options, _resources.Interpreter));
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
