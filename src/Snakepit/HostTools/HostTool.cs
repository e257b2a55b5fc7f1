using Google.Protobuf;
using Snakepit.Protocol;

namespace Snakepit;

/// <summary>A function of this program that Python tools may call while they run: <c>ctx.host.call("name", argument=…)</c>.</summary>
public sealed class HostTool
{
    private readonly Func<PayloadCodec, string, ByteString, CancellationToken, Task<ByteString>> _run;

    private HostTool(Func<PayloadCodec, string, ByteString, CancellationToken, Task<ByteString>> run) => _run = run;

    /// <summary>Makes a host tool of an asynchronous function.</summary>
    /// <typeparam name="TArguments">
    /// What the JSON object with Python's arguments is read as: a record with one property per argument, a dictionary, or
    /// <see cref="System.Text.Json.JsonElement"/> for anything.
    /// </typeparam>
    /// <typeparam name="TResult">What is written as JSON for Python.</typeparam>
    /// <param name="function">
    /// May be called by many workers at once. Its token is cancelled when the Python call that asks is cancelled, runs out of time or loses its
    /// worker. What it throws is raised in Python as <c>HostToolError</c>.
    /// </param>
    public static HostTool Create<TArguments, TResult>(Func<TArguments, CancellationToken, Task<TResult>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new HostTool(async (codec, tool, arguments, cancellationToken) =>
            codec.EncodeValue(tool, await function(codec.DecodeArguments<TArguments>(tool, arguments), cancellationToken)));
    }

    /// <summary>Makes a host tool of a function that has its result at once.</summary>
    /// <inheritdoc cref="Create{TArguments, TResult}(Func{TArguments, CancellationToken, Task{TResult}})"/>
    public static HostTool Create<TArguments, TResult>(Func<TArguments, TResult> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Create<TArguments, TResult>((arguments, _) => Task.FromResult(function(arguments)));
    }

    internal Task<ByteString> RunAsync(PayloadCodec codec, string tool, ByteString arguments, CancellationToken cancellationToken) =>
        _run(codec, tool, arguments, cancellationToken);
}
