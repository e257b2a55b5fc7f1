using Snakepit.Contracts.Exceptions;

namespace Snakepit.Processes;

/// <summary>
/// The process of a worker that a template has forked. Only the parent of a process can wait for its end, so the template reports the end
/// of the worker.
/// </summary>
internal sealed class ForkedProcess(int worker, TemplateProcess template, OutputTail output, Task<ControlConnection> control)
    : WorkerProcess(worker, control)
{
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile int _id;
    private volatile bool _lostWithTemplate;
    private volatile string? _killer;

    /// <summary>
    /// The process id, which the template and the worker itself both report. A worker can be ready before the template's report has been
    /// read.
    /// </summary>
    public override int Id => _id != 0 || !Control.IsCompletedSuccessfully ? _id : Control.Result.ProcessId;

    public override bool IsLostWithTemplate => _lostWithTemplate;

    public override Task<ProcessExit> Exited => _exited.Task;

    public override IReadOnlyList<string> LastOutput => output.Lines;

    public override void Kill(string killer)
    {
        _killer ??= killer;
        Signal(Signals.Kill);
    }

    /// <summary>
    /// Makes the template signal the worker, because only the parent of a process can know that its process id has not been reused. A
    /// template that is itself stopped by a signal (such as SIGSTOP) cannot send signals. If the worker must be killed in this case, the
    /// template is killed together with all its workers.
    /// </summary>
    public override void Signal(int number)
    {
        template.Signal(this, number);
        if (number == Signals.Kill && ProcessFacts.IsStopped(template.Id))
        {
            template.Kill(TemplateProcess.KillerOfSuspended);
        }
    }

    /// <summary>Records the process id that the template has reported.</summary>
    public void Forked(int id) => _id = id;

    /// <summary>Adds output of the worker that the template has reported.</summary>
    public void Printed(ReadOnlySpan<byte> text) => output.Add(text);

    /// <summary>Records that the template has ended, and this worker with it.</summary>
    /// <param name="blameTemplate">
    /// True if the end of the worker is blamed on the template. False if the adapter may be the cause; the end then counts as a failure of
    /// this worker.
    /// </param>
    /// <param name="exit">How the template has ended; null if that is not known yet.</param>
    public void EndedWithTemplate(bool blameTemplate, ProcessExit? exit)
    {
        _lostWithTemplate = blameTemplate;
        var how = exit is null ? "" : $" ({exit})";
        _killer = $"sent by the kernel, because the template, from which the worker was forked, has ended{how}";
        Ended(-Signals.Kill);
    }

    /// <summary>Records the end of the worker, with the status that the template has reported.</summary>
    public void Ended(int status)
    {
        output.Complete();
        _exited.TrySetResult(ProcessExit.FromStatus(status, output.Lines) with { Killer = _killer });
    }
}
