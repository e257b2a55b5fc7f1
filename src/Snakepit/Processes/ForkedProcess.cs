using Snakepit.Contracts.Exceptions;

namespace Snakepit.Processes;

/// <summary>A worker that a template forked. Only the template can wait for it, so its end arrives as a report.</summary>
internal sealed class ForkedProcess(int worker, TemplateProcess template, OutputTail output, Task<ControlConnection> control)
    : WorkerProcess(worker, control)
{
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile int _id;
    private volatile bool _lostWithTemplate;

    /// <summary>Both the template and the worker itself tell it; a worker can be ready before the template's report has been read.</summary>
    public override int Id => _id != 0 || !Control.IsCompletedSuccessfully ? _id : Control.Result.ProcessId;

    public override bool IsLostWithTemplate => _lostWithTemplate;

    public override Task<ProcessExit> Exited => _exited.Task;

    public override IReadOnlyList<string> LastOutput => output.Lines;

    /// <summary>
    /// Sent by the template, because only its parent knows that the number still means this process. A template that was stopped passes nothing
    /// on: if its worker has to be killed, all end together.
    /// </summary>
    public override void Signal(int number)
    {
        template.Signal(this, number);
        if (number == Signals.Kill && ProcessFacts.IsStopped(template.Id))
        {
            template.Signal(Signals.Kill);
        }
    }

    public void Forked(int id) => _id = id;

    public void Printed(ReadOnlySpan<byte> text) => output.Add(text);

    /// <summary>The template has ended, and this worker with it; through no fault of the adapter's as far as one can tell.</summary>
    public void EndedWithTemplate(bool isInnocent)
    {
        _lostWithTemplate = isInnocent;
        Ended(-Signals.Kill);
    }

    public void Ended(int status)
    {
        output.Complete();
        _exited.TrySetResult(ProcessExit.FromStatus(status, output.Lines));
    }
}
