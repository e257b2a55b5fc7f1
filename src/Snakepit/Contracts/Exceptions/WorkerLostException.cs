using Snakepit.Contracts.Exceptions;

namespace Snakepit;

/// <summary>
/// Thrown when the worker's process ended, or its connection broke, while the worker ran the call. The call may have had effects. The pool
/// replaces the worker by itself.
/// </summary>
public sealed class WorkerLostException : SnakepitException
{
    internal WorkerLostException(int worker, ProcessExit? exit, string reason, Exception? innerException = null)
        : base(Describe(worker, exit, reason), innerException)
    {
        Worker = worker;
        ExitCode = exit?.ExitCode;
        Signal = exit?.Signal;
        Output = exit?.LastOutput ?? [];
    }

    /// <summary>The worker's number in its pool.</summary>
    public int Worker { get; }

    /// <summary>The exit code of the worker's process; null if a signal ended the process, or if the exit code is not known.</summary>
    public int? ExitCode { get; }

    /// <summary>
    /// The signal that ended the worker's process, such as 9 for SIGKILL or 11 for a segmentation fault; null if the process exited by
    /// itself, or if it is not known how the process ended.
    /// </summary>
    public int? Signal { get; }

    /// <summary>The last lines that the worker wrote to standard output and standard error, oldest first.</summary>
    public IReadOnlyList<string> Output { get; }

    /// <inheritdoc/>
    public override bool IsTransient => true;

    private static string Describe(int worker, ProcessExit? exit, string reason)
    {
        var how = exit is null ? reason : $"{reason} ({exit})";
        var what = $"Worker {worker} was lost during the call: {how}.";
        return exit is null || exit.LastOutput.Count == 0
            ? what
            : $"{what} Its last output:{Environment.NewLine}{exit.QuotedOutput}";
    }
}
