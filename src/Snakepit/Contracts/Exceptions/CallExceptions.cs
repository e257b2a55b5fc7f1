using System.Text.Json;

namespace Snakepit;

/// <summary>Thrown when the tool raised an exception. The worker that ran the tool goes on working.</summary>
public sealed class PythonException : SnakepitException
{
    internal PythonException(string tool, string pythonType, string pythonMessage, string traceback, JsonElement attributes)
        : base($"Tool '{tool}' raised {pythonType}: {pythonMessage}")
    {
        Tool = tool;
        PythonType = pythonType;
        PythonMessage = pythonMessage;
        PythonTraceback = traceback;
        Attributes = attributes;
    }

    /// <summary>The tool that was called.</summary>
    public string Tool { get; }

    /// <summary>
    /// The class of the Python exception: <c>ValueError</c> for a built-in class, <c>package.module.Name</c> for any other class.
    /// </summary>
    public string PythonType { get; }

    /// <summary>The message of the Python exception, from <c>str(exception)</c>.</summary>
    public string PythonMessage { get; }

    /// <summary>The traceback as Python prints it, including the tracebacks of the exceptions that caused this one.</summary>
    public string PythonTraceback { get; }

    /// <summary>
    /// A JSON object with the public attributes of the Python exception. Attributes that cannot be written as JSON are left out.
    /// </summary>
    public JsonElement Attributes { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{base.ToString()}{Environment.NewLine}--- Python ---{Environment.NewLine}{PythonTraceback}";
}

/// <summary>Thrown when a tool is called by a name that no tool has.</summary>
public sealed class UnknownToolException : SnakepitException
{
    internal UnknownToolException(string message)
        : base($"Unknown tool: {message}.")
    {
    }
}

/// <summary>
/// Thrown when the arguments of a call do not match the tool's parameters, are not an object, or cannot be written as JSON. The tool has
/// not run.
/// </summary>
public sealed class ToolArgumentException : SnakepitException
{
    internal ToolArgumentException(string message, Exception? innerException = null)
        : base($"Wrong arguments: {message}.", innerException)
    {
    }
}

/// <summary>
/// Thrown when a generator was called for a single result, or a tool that is no generator was called as a stream. The tool has not run.
/// </summary>
public sealed class CallStyleException : SnakepitException
{
    internal CallStyleException(string message)
        : base($"Wrong kind of call: {message}. Use StreamAsync for generators and ExecuteAsync for all other tools.")
    {
    }
}

/// <summary>
/// Thrown when the tool returned a value that cannot be written as JSON, such as NaN, a set, or an instance of a user-defined class.
/// </summary>
public sealed class ResultEncodingException : SnakepitException
{
    internal ResultEncodingException(string message)
        : base($"The result cannot be sent: {message}.")
    {
    }
}

/// <summary>Thrown when the tool's result cannot be converted to the type that the caller asked for.</summary>
public sealed class ResultConversionException : SnakepitException
{
    internal ResultConversionException(string tool, Type target, string shown, string place, Exception innerException)
        : base(
            $"Tool '{tool}' returned what cannot be converted to {target}{place}: {shown}. {innerException.Message}",
            innerException)
    {
    }
}

/// <summary>
/// Thrown when the arguments, the result or a chunk of a call are larger than <see cref="SnakepitOptions.MaxPayloadBytes"/>. Arguments that
/// are too large are refused before they are sent.
/// </summary>
public sealed class PayloadTooLargeException : SnakepitException
{
    internal PayloadTooLargeException(string message)
        : base($"{message}. Send less at a time, or raise {nameof(SnakepitOptions)}.{nameof(SnakepitOptions.MaxPayloadBytes)}. "
            + "A tool that is a generator can return a large result in parts.")
    {
    }
}

/// <summary>Thrown when a call exceeded its time limit. The tool is being interrupted, and its result is lost.</summary>
public sealed class CallTimeoutException : SnakepitException
{
    internal CallTimeoutException(string tool, TimeSpan timeout)
        : base($"Tool '{tool}' did not end within {timeout.TotalSeconds:0.###} s. Make it faster or raise {nameof(SnakepitOptions)}."
            + $"{nameof(SnakepitOptions.CallTimeout)} ({nameof(SnakepitOptions.StreamTimeout)} for a stream), or {nameof(CallOptions)}."
            + $"{nameof(CallOptions.Timeout)} for one call.")
    {
        Tool = tool;
        Timeout = timeout;
    }

    internal CallTimeoutException(int worker, TimeSpan timeout)
        : base($"Worker {worker} did not list its tools within {timeout.TotalSeconds:0.###} s ({nameof(SnakepitOptions)}."
            + $"{nameof(SnakepitOptions.CallTimeout)}): something keeps its process from answering.") =>
        (Tool, Timeout) = ("", timeout);

    /// <summary>The tool that was called; empty if the request that timed out asked a worker to list its tools.</summary>
    public string Tool { get; }

    /// <summary>The time limit that was exceeded.</summary>
    public TimeSpan Timeout { get; }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
