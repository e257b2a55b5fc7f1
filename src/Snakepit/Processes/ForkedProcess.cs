using Snakepit.Contracts.Exceptions;

namespace Snakepit.Processes;

/// <summary>
/// A worker that a template has forked. Only its parent can wait for a process, so the template reports the worker's end.
/// </summary>
internal sealed class ForkedProcess(int worker, TemplateProcess template, OutputTail output, Task<ControlConnection> control)
    : WorkerProcess(worker, control)
{
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile int _id;
    private volatile bool _lostWithTemplate;

    /// <summary>
    /// The template and the worker itself both report the id. A worker can be ready before the template's report has been read.
    /// </summary>
    public override int Id => _id != 0 || !Control.IsCompletedSuccessfully ? _id : Control.Result.ProcessId;

    public override bool IsLostWithTemplate => _lostWithTemplate;

    public override Task<ProcessExit> Exited => _exited.Task;

    public override IReadOnlyList<string> LastOutput => output.Lines;

    /// <summary>
    /// The template sends the signal, because only the parent of a process can know that its id has not been reused. A template that a
    /// signal has stopped cannot do that. If the worker must be killed, the template is killed with all its workers.
    /// </summary>
    public override void Signal(int number)
    {
        template.Signal(this, number);
        if (number == Signals.Kill && ProcessFacts.IsStopped(template.Id))
        {
            template.Signal(Signals.Kill);
        }
    }

    /// <summary>The template has reported the process id.</summary>
    public void Forked(int id) => _id = id;

    /// <summary>The template has reported output of the worker.</summary>
    public void Printed(ReadOnlySpan<byte> text) => output.Add(text);

    /// <summary>The template has ended, and this worker with it.</summary>
    /// <param name="blameTemplate">False if the adapter may be the cause: then the end counts as a failure of this worker.</param>
    public void EndedWithTemplate(bool blameTemplate)
    {
        _lostWithTemplate = blameTemplate;
        Ended(-Signals.Kill);
    }

    /// <summary>The template has reported the worker's end.</summary>
    public void Ended(int status)
    {
        output.Complete();
        _exited.TrySetResult(ProcessExit.FromStatus(status, output.Lines));
    }
}
