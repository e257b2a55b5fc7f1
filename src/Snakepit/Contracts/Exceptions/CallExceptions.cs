using System.Text.Json;

namespace Snakepit;

/// <summary>A tool raised an exception. The worker lives on.</summary>
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

    /// <summary>The exception's class: <c>ValueError</c> for built-in ones, <c>package.module.Name</c> for others.</summary>
    public string PythonType { get; }

    /// <summary>What <c>str(exception)</c> says.</summary>
    public string PythonMessage { get; }

    /// <summary>The traceback as Python prints it, causes included.</summary>
    public string PythonTraceback { get; }

    /// <summary>A JSON object with the exception's own public attributes, those that JSON can carry.</summary>
    public JsonElement Attributes { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{base.ToString()}{Environment.NewLine}--- Python ---{Environment.NewLine}{PythonTraceback}";
}

/// <summary>The adapter has no tool of that name.</summary>
public sealed class UnknownToolException : SnakepitException
{
    internal UnknownToolException(string message)
        : base($"Unknown tool: {message}.")
    {
    }
}

/// <summary>The arguments do not fit the tool: missing, extra, mistyped, or not an object. No user code ran.</summary>
public sealed class ToolArgumentException : SnakepitException
{
    internal ToolArgumentException(string message, Exception? innerException = null)
        : base($"Wrong arguments: {message}.", innerException)
    {
    }
}

/// <summary>A streaming tool was called for one result, or the other way round. No user code ran.</summary>
public sealed class CallStyleException : SnakepitException
{
    internal CallStyleException(string message)
        : base($"Wrong kind of call: {message}. Use StreamAsync for generators and ExecuteAsync for all other tools.")
    {
    }
}

/// <summary>The tool returned something that JSON cannot carry, such as NaN, a set or an object of its own.</summary>
public sealed class ResultEncodingException : SnakepitException
{
    internal ResultEncodingException(string message)
        : base($"The result cannot be sent: {message}.")
    {
    }
}

/// <summary>The tool's result arrived but is not of the type that the caller asked for, or nothing can be of that type.</summary>
public sealed class ResultConversionException : SnakepitException
{
    internal ResultConversionException(string tool, Type target, ReadOnlySpan<byte> json, Exception innerException)
        : base($"Tool '{tool}' returned JSON that is no {target}: {Shown(json)}. {innerException.Message}", innerException)
    {
    }

    private static string Shown(ReadOnlySpan<byte> json)
    {
        const int Most = 200;
        return json.Length <= Most
            ? System.Text.Encoding.UTF8.GetString(json)
            : System.Text.Encoding.UTF8.GetString(json[..Most]) + "…";
    }
}

/// <summary>Arguments or a result are larger than the limit; arguments are refused before they are sent.</summary>
public sealed class PayloadTooLargeException : SnakepitException
{
    internal PayloadTooLargeException(string message)
        : base($"{message}. Send less at a time, stream it, or raise {nameof(SnakepitOptions)}.{nameof(SnakepitOptions.MaxPayloadBytes)}.")
    {
    }
}

/// <summary>The call ran longer than allowed. It is being stopped; its result will reach nobody.</summary>
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
        : base($"Worker {worker} did not say within {timeout.TotalSeconds:0.###} s which tools it has ({nameof(SnakepitOptions)}.{nameof(SnakepitOptions.CallTimeout)}): something keeps its process from answering.") =>
        (Tool, Timeout) = ("", timeout);

    /// <summary>The tool that was called; empty if a worker was asked for its tools.</summary>
    public string Tool { get; }

    /// <summary>The limit that passed.</summary>
    public TimeSpan Timeout { get; }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
