using Snakepit.Contracts.Exceptions;

namespace Snakepit;

/// <summary>The base class of exceptions for a pool or template that could not start. None of its processes is left running.</summary>
public abstract class PoolStartException : SnakepitException
{
    private protected PoolStartException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// Thrown when no usable Python interpreter was found. The message says which interpreters were tried and which setting names another one.
/// </summary>
public sealed class PythonNotFoundException : PoolStartException
{
    internal PythonNotFoundException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// Thrown when the Python interpreter works but lacks a package that the workers need, or has a version that is too old, or when a file of
/// yours hides such a package. The packages are protobuf and, for the gRPC transport, grpcio.
/// </summary>
public sealed class PythonRuntimeException : PoolStartException
{
    internal PythonRuntimeException(string interpreter, string details, string advice)
        : base($"The Python interpreter '{interpreter}' cannot run a worker: {details}{advice}") =>
        Interpreter = interpreter;

    /// <summary>The path of the Python interpreter that was tried.</summary>
    public string Interpreter { get; }
}

/// <summary>
/// Thrown when the Python environment of a <see cref="RequirementsEnvironment"/> cannot be made. Nothing half made is left, and none of the
/// programs that were to make it.
/// </summary>
public sealed class PythonEnvironmentException : PoolStartException
{
    private readonly bool _isTransient;

    /// <param name="requirements">The path of the requirements file.</param>
    /// <param name="reason">Why the environment cannot be made, as sentences.</param>
    /// <param name="command">The command that has failed; null if none has.</param>
    /// <param name="output">The last lines that the command has printed.</param>
    /// <param name="isTransient">Whether another attempt may succeed.</param>
    /// <param name="reasonException">The exception of .NET, if there is one.</param>
    internal PythonEnvironmentException(
        string requirements,
        string reason,
        string? command = null,
        IReadOnlyList<string>? output = null,
        bool isTransient = false,
        Exception? reasonException = null)
        : base($"The Python environment of '{requirements}' cannot be made: {reason}"
            + (command is null ? "" : $" The command was: {command}")
            + (output is { Count: > 0 } ? $"{Environment.NewLine}Its last lines:{Environment.NewLine}{ProcessExit.Quoted(output)}" : ""),
            reasonException)
    {
        _isTransient = isTransient;
        Requirements = requirements;
        Command = command;
        Output = output ?? [];
    }

    /// <summary>The path of the requirements file.</summary>
    public string Requirements { get; }

    /// <summary>The command that has failed or took too long; null if the failure is not that of a command.</summary>
    public string? Command { get; }

    /// <summary>The last lines that the command has printed, oldest first.</summary>
    public IReadOnlyList<string> Output { get; }

    /// <inheritdoc/>
    public override bool IsTransient => _isTransient;
}

/// <summary>
/// Thrown when the directory or a file for the sockets of the Python processes cannot be made, or was deleted while a worker was starting.
/// The inner exception, if there is one, says what the operating system has refused.
/// </summary>
public sealed class SocketDirectoryException : PoolStartException
{
    internal SocketDirectoryException(string path, string what, Exception? reason)
        : base($"{what}{(reason is null ? "" : $": {reason.Message.TrimEnd('.')}")}. "
            + "Set TMPDIR to a directory with a short path that exists, has space and is not cleaned while the program runs.", reason) =>
        Path = path;

    /// <summary>The path of the directory or socket, or of the directory that it should be made in.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>
/// Thrown when the operating system has refused something that a start needs, because a limit is reached: a process, memory or a file
/// descriptor. The message says which limit, and how to raise it. The pool goes on trying to start workers that it lacks.
/// </summary>
public sealed class SystemLimitException : PoolStartException
{
    internal SystemLimitException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>
/// Thrown when no worker can be started, because the <c>SnakepitTemplate</c> that the pool's workers are forked from has been disposed.
/// </summary>
public sealed class TemplateDisposedException : PoolStartException
{
    internal TemplateDisposedException()
        : base("The template of this pool has been disposed. Dispose the pool before its SnakepitTemplate.")
    {
    }
}

/// <summary>Thrown when the template process ended while a worker was being forked from it. The pool starts another template.</summary>
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
/// Thrown when the adapter cannot be imported, or is not an adapter, or its <c>prepare()</c> or <c>start()</c> raised an exception.
/// </summary>
public sealed class AdapterException : PoolStartException
{
    internal AdapterException(string adapter, string message, string? advice, string traceback)
        : base($"{Capitalised(message)}.{Hint(message)}{(advice is null ? "" : $" {advice}")}"
            + (traceback.Length == 0 ? "" : Environment.NewLine + traceback.TrimEnd()))
    {
        Adapter = adapter;
        PythonTraceback = traceback;
    }

    /// <summary>The name of the adapter, as given in <see cref="SnakepitOptions.Adapter"/>.</summary>
    public string Adapter { get; }

    /// <summary>The Python traceback of the failure, as Python prints it; empty if there is none.</summary>
    public string PythonTraceback { get; }

    private static string Capitalised(string message) => string.Concat(char.ToUpperInvariant(message[0]).ToString(), message.AsSpan(1));

    private static string Hint(string message) => message.Contains("ModuleNotFoundError", StringComparison.Ordinal)
        ? $" Check {nameof(SnakepitOptions)}.{nameof(SnakepitOptions.Adapter)}, and {nameof(SnakepitOptions.ModulePaths)}: "
            + "the directories Python imports from."
        : "";
}

/// <summary>
/// Thrown when a Python process ended before it was ready without reporting a reason. The exit code, the signal and the last output are all
/// that is known about the cause.
/// </summary>
public sealed class WorkerStartException : PoolStartException
{
    internal WorkerStartException(string what, ProcessExit exit, string hint = "")
        : base($"{what} ended before it was ready ({exit}).{hint}"
            + (exit.LastOutput.Count == 0
                ? " It printed nothing."
                : $" Its last output:{Environment.NewLine}{exit.QuotedOutput}"))
    {
        ExitCode = exit.ExitCode;
        Signal = exit.Signal;
        Output = exit.LastOutput;
    }

    /// <summary>The exit code of the process; null if a signal ended the process.</summary>
    public int? ExitCode { get; }

    /// <summary>The signal that ended the process, such as 9 for SIGKILL; null if the process exited by itself.</summary>
    public int? Signal { get; }

    /// <summary>The last lines that the process wrote to standard output and standard error, oldest first.</summary>
    public IReadOnlyList<string> Output { get; }
}

/// <summary>Thrown when the start of a template or worker took longer than <see cref="SnakepitOptions.StartTimeout"/>.</summary>
public sealed class StartTimeoutException : PoolStartException
{
    internal StartTimeoutException(TimeSpan timeout, string what, string stack)
        : base($"{what} was not ready within {nameof(SnakepitOptions)}.{nameof(SnakepitOptions.StartTimeout)} "
            + $"({timeout.TotalSeconds:0.###} s). "
            + "Make the adapter's prepare() and start() faster, or raise the option."
            + (stack.Length == 0
                ? " Python could not say where it was. Perhaps it had not come as far as the adapter: what a sitecustomize or a .pth file "
                    + "does comes first, and waits for ever if it reads the standard input."
                : $" Python was here:{Environment.NewLine}{stack}")) =>
        PythonStack = stack;

    /// <summary>
    /// The stacks of all Python threads when the timeout passed, innermost call first; empty if Python could not print them.
    /// </summary>
    public string PythonStack { get; }
}
