using Snakepit.Contracts.Exceptions;

namespace Snakepit;

/// <summary>A pool or template could not start. None of its processes is left running.</summary>
public abstract class PoolStartException : SnakepitException
{
    private protected PoolStartException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>No usable Python interpreter was found. The message says what was tried and what to set.</summary>
public sealed class PythonNotFoundException : PoolStartException
{
    internal PythonNotFoundException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// The Python interpreter works, but it lacks the protobuf package, or the grpcio package that the gRPC transport needs, or has too old
/// versions of them.
/// </summary>
public sealed class PythonRuntimeException : PoolStartException
{
    internal PythonRuntimeException(string interpreter, string details, string packages, string howToInstall)
        : base($"The Python interpreter '{interpreter}' cannot run a worker: {details.TrimEnd()}{Environment.NewLine}Workers need "
            + $"{packages} (protobuf 3.21, grpcio 1.51, or newer): {howToInstall}. Or name "
            + $"another interpreter with SNAKEPIT_PYTHON or {nameof(SnakepitOptions)}.{nameof(SnakepitOptions.PythonPath)}.") =>
        Interpreter = interpreter;

    /// <summary>The interpreter that was tried.</summary>
    public string Interpreter { get; }
}

/// <summary>The <c>SnakepitTemplate</c> that the pool's workers are forked from has been disposed, so no worker can be started.</summary>
public sealed class TemplateDisposedException : PoolStartException
{
    internal TemplateDisposedException()
        : base("The template of this pool has been disposed. Dispose the pool before its SnakepitTemplate.")
    {
    }
}

/// <summary>The template process ended while a worker was being forked from it. The pool starts another template.</summary>
public sealed class TemplateLostException : PoolStartException
{
    internal TemplateLostException(int worker)
        : base($"The template process ended while worker {worker} was being forked from it.")
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>
/// The adapter cannot be imported, or is not an adapter, or its <c>prepare()</c> or <c>start()</c> raised an exception.
/// </summary>
public sealed class AdapterException : PoolStartException
{
    internal AdapterException(string adapter, string message, string traceback)
        : base($"{Capitalised(message)}.{Hint(message)}{(traceback.Length == 0 ? "" : Environment.NewLine + traceback.TrimEnd())}")
    {
        Adapter = adapter;
        PythonTraceback = traceback;
    }

    /// <summary>The adapter, as in <see cref="SnakepitOptions.Adapter"/>.</summary>
    public string Adapter { get; }

    /// <summary>The traceback, as Python prints it; empty if there is none.</summary>
    public string PythonTraceback { get; }

    private static string Capitalised(string message) => string.Concat(char.ToUpperInvariant(message[0]).ToString(), message.AsSpan(1));

    private static string Hint(string message) => message.Contains("ModuleNotFoundError", StringComparison.Ordinal)
        ? $" Check {nameof(SnakepitOptions)}.{nameof(SnakepitOptions.Adapter)}, and {nameof(SnakepitOptions.ModulePaths)}: "
            + "the directories Python imports from."
        : "";
}

/// <summary>A Python process ended before it was ready, and its last output is all that says why.</summary>
public sealed class WorkerStartException : PoolStartException
{
    internal WorkerStartException(string what, ProcessExit exit)
        : base($"{what} ended before it was ready ({exit})."
            + (exit.LastOutput.Count == 0
                ? " It printed nothing."
                : $" Its last output:{Environment.NewLine}{string.Join(Environment.NewLine, exit.LastOutput)}"))
    {
        ExitCode = exit.ExitCode;
        Signal = exit.Signal;
        Output = exit.LastOutput;
    }

    /// <summary>The process's exit code; null if a signal ended it.</summary>
    public int? ExitCode { get; }

    /// <summary>The signal that ended the process, such as 9 for SIGKILL; null if it exited by itself.</summary>
    public int? Signal { get; }

    /// <summary>The last lines that the process wrote to standard output and standard error, oldest first.</summary>
    public IReadOnlyList<string> Output { get; }
}

/// <summary>The start took longer than <see cref="SnakepitOptions.StartTimeout"/>.</summary>
public sealed class StartTimeoutException : PoolStartException
{
    internal StartTimeoutException(TimeSpan timeout, string what, string stack)
        : base($"{what} was not ready within {nameof(SnakepitOptions)}.{nameof(SnakepitOptions.StartTimeout)} "
            + $"({timeout.TotalSeconds:0.###} s). "
            + "Make the adapter's prepare() and start() faster, or raise the option."
            + (stack.Length == 0 ? "" : $" Python was here:{Environment.NewLine}{stack}")) =>
        PythonStack = stack;

    /// <summary>
    /// The stacks of all Python threads when the timeout passed, innermost call first; empty if Python could not print them.
    /// </summary>
    public string PythonStack { get; }
}
