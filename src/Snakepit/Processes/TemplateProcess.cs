using System.Collections.Concurrent;
using Snakepit.Contracts.Exceptions;
using Snakepit.Protocol.V1;
using Snakepit.Scheduling;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>
/// The template: a process that imports and prepares the adapter once, and then forks a worker whenever the pool asks for one.
/// </summary>
internal sealed class TemplateProcess
{
    /// <summary>Who kills a template that is suspended, and so can neither fork nor signal workers, and why.</summary>
    public const string KillerOfSuspended = "sent by this pool, because a signal had suspended the template";

    private readonly PythonProcess _process;
    private readonly ProcessLauncher _launcher;
    private readonly ConcurrentDictionary<int, ForkedProcess> _workers = new();
    private readonly TaskCompletionSource<uint> _prepared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly TemplateMark _mark = new();
    private ControlConnection? _control;
    private long _preparedAt;
    private volatile TemplateStatistics _statistics;
    private volatile bool _isEnding;

    /// <summary>Starts a template, and returns before the adapter is prepared.</summary>
    /// <exception cref="PythonNotFoundException">The interpreter cannot be executed.</exception>
    public TemplateProcess(ProcessLauncher launcher, TimeProvider time)
    {
        (_launcher, _time) = (launcher, time);
        (_process, var control) = launcher.StartTemplate(_mark);
        _statistics = new TemplateStatistics(_process.Id, time.GetUtcNow(), Connected: null, Prepared: null);
        Exited = RunAsync(control);
    }

    public int Id => _process.Id;

    /// <summary>
    /// Completes when the adapter is prepared, with the number of threads besides the main thread. The template can fork only if that
    /// number is 0. Fails if the adapter cannot be prepared.
    /// </summary>
    public Task<uint> Prepared => _prepared.Task;

    /// <summary>Completes when the template and all its workers have ended.</summary>
    public Task<ProcessExit> Exited { get; }

    public TemplateStatistics Statistics => _statistics;

    public IReadOnlyList<string> LastOutput => _process.LastOutput;

    /// <summary>Asks the template to fork a worker. Returns null if the template is ending or has ended.</summary>
    public ForkedProcess? TryFork(int number)
    {
        var worker = new ForkedProcess(number, this, _launcher.OutputOf(number), _launcher.Listener.Expect(number));
        _launcher.ForgetAfter(worker.Exited, number, worker.Control);
        _workers[number] = worker;
        var fork = new Fork { Workers = { (uint)number }, Directory = _launcher.Listener.Directory };
        if (_control?.Send(new Command { Fork = fork }) == true && !_isEnding)
        {
            return worker;
        }

        Lose(number, status: null, template: null);
        return null;
    }

    /// <summary>Asks the template to send a signal to the process group of a worker.</summary>
    public void Signal(ForkedProcess worker, int number) =>
        _control?.Send(new Command { Signal = new Protocol.V1.Signal { Worker = (uint)worker.Worker, Number = (uint)number } });

    /// <summary>Kills the template, and the kernel its workers.</summary>
    /// <param name="killer">Who kills it and why, see <see cref="ProcessExit.Killer"/>.</param>
    public void Kill(string killer) => _process.Kill(killer);

    /// <summary>Sends a signal to the template only. If the template ends, the kernel kills its workers.</summary>
    public void Signal(int number) => _process.Signal(number);

    /// <summary>
    /// Closes the control channel, which makes the template kill its workers and exit. If the template has not exited after
    /// <paramref name="patience"/>, it is killed.
    /// </summary>
    public async Task StopAsync(TimeSpan patience)
    {
        _control?.Dispose();
        if (_control is null || !await _process.Exited.EndsWithinAsync(patience).ConfigureAwait(false))
        {
            _process.Signal(Signals.Kill);
        }

        await Exited.ConfigureAwait(false);
    }

    private async Task<ProcessExit> RunAsync(Task<ControlConnection> control)
    {
        BootFailure? failure = null;
        SystemLimitException? limit = null;
        try
        {
            _control = await control.ConfigureAwait(false);
            _statistics = _statistics with { Connected = _time.GetUtcNow() };
            while (await _control.ReceiveAsync(CancellationToken.None).ConfigureAwait(false) is { } report)
            {
                failure ??= report.BootFailure;
                Handle(report);
            }
        }
        catch (OperationCanceledException)
        {
            // The process ended before it opened its control channel.
        }
        catch (InvalidDataException)
        {
            _process.Signal(Signals.Kill);
        }
        catch (SystemLimitException exception)
        {
            limit = exception; // there was no file descriptor for the control channel
            _process.Signal(Signals.Kill);
        }

        _isEnding = true;
        if (failure is null && !_prepared.Task.IsCompleted
            && await ReplacedProcess
                .WatchAsync(() => Id, _process.Exited, _launcher.Launch, Timeout.InfiniteTimeSpan, CancellationToken.None)
                .ConfigureAwait(false) is { } killer)
        {
            _process.Kill(killer);
        }

        var exit = await _process.Exited.ConfigureAwait(false);
        foreach (var (number, worker) in _workers)
        {
            // The kernel has killed the workers together with their template. What they have started may still run in their groups.
            Signals.SendToGroup(worker.Id, Signals.Kill);
            Lose(number, status: null, exit);
        }

        _prepared.TrySetException(limit ?? BootError.From(failure, exit, "The template", _launcher.Launch));
        _ = _prepared.Task.Exception; // marks the exception as observed, in case no one awaits the task
        _control?.Dispose();
        if (exit.ExitCode != 0)
        {
            await _launcher.KillOrphansAsync(_mark).ConfigureAwait(false); // the template could not do it itself
        }

        return exit;
    }

    private void Handle(Report report)
    {
        switch (report.ReportCase)
        {
            case Report.ReportOneofCase.Prepared:
                _preparedAt = _time.GetTimestamp();
                _statistics = _statistics with { Prepared = _time.GetUtcNow() };
                _prepared.TrySetResult(report.Prepared.ExtraThreads);
                break;
            case Report.ReportOneofCase.Forked when _workers.TryGetValue((int)report.Forked.Worker, out var worker):
                worker.Forked((int)report.Forked.Pid);
                break;
            case Report.ReportOneofCase.WorkerOutput when _workers.TryGetValue((int)report.WorkerOutput.Worker, out var worker):
                worker.Printed(report.WorkerOutput.Text.Span);
                break;
            case Report.ReportOneofCase.WorkerExited:
                Lose((int)report.WorkerExited.Worker, report.WorkerExited.Status, template: null);
                break;
            default:
                break; // a boot failure becomes an exception when the process has ended
        }
    }

    /// <summary>
    /// Records the end of a worker. The status is null if the worker has ended together with this template, whose end is
    /// <paramref name="template"/> then if it is known.
    /// </summary>
    private void Lose(int number, int? status, ProcessExit? template)
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
            // If the template ends soon after its preparation, the adapter may be the cause. The workers of the template then count as
            // failed, so that repeated crashes of templates delay restarts too.
            worker.EndedWithTemplate(blameTemplate: _time.GetElapsedTime(_preparedAt) >= RestartBackoff.MinimumUptime, template);
        }
    }
}
