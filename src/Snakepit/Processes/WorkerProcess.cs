using Snakepit.Contracts.Exceptions;

namespace Snakepit.Processes;

/// <summary>The process of one worker, either forked from a template or started in its own interpreter.</summary>
internal abstract class WorkerProcess(int worker, Task<ControlConnection> control)
{
    /// <summary>The worker's number.</summary>
    public int Worker => worker;

    /// <summary>
    /// Completes when the process has opened its control channel. Is cancelled if the process ends before it has opened the channel.
    /// </summary>
    public Task<ControlConnection> Control => control;

    /// <summary>The process id; 0 until the process exists.</summary>
    public abstract int Id { get; }

    /// <summary>Completes when the process and its process group have ended and the last output has arrived.</summary>
    public abstract Task<ProcessExit> Exited { get; }

    /// <summary>Whether the process ended only because the template that it was forked from ended.</summary>
    public virtual bool IsLostWithTemplate => false;

    /// <summary>The last lines that the process has printed, oldest first.</summary>
    public abstract IReadOnlyList<string> LastOutput { get; }

    /// <summary>Kills the process and its process group.</summary>
    /// <param name="killer">Who kills it and why, see <see cref="ProcessExit.Killer"/>.</param>
    public abstract void Kill(string killer);

    /// <summary>Sends a signal to the process and its process group, unless the process has ended.</summary>
    public abstract void Signal(int number);
}
