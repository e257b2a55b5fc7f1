using Snakepit.Contracts.Exceptions;

namespace Snakepit.Processes;

/// <summary>The process of one worker, forked by a template or spawned by this process.</summary>
internal abstract class WorkerProcess(int worker, Task<ControlConnection> control)
{
    /// <summary>The worker's number.</summary>
    public int Worker => worker;

    /// <summary>Completes when the process has opened its control channel; cancelled if it ended before.</summary>
    public Task<ControlConnection> Control => control;

    /// <summary>0 until the process exists.</summary>
    public abstract int Id { get; }

    /// <summary>Completes when the process has ended, its group with it, and its last output has arrived.</summary>
    public abstract Task<ProcessExit> Exited { get; }

    /// <summary>True if it ended because the template that it was forked from did.</summary>
    public virtual bool IsLostWithTemplate => false;

    /// <summary>What it has printed last.</summary>
    public abstract IReadOnlyList<string> LastOutput { get; }

    /// <summary>Signals the process and its group, unless it has ended.</summary>
    public abstract void Signal(int number);
}
