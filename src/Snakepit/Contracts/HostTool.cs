namespace Snakepit;

/// <summary>A .NET function that Python tools may call while they run: <c>ctx.host.call("name", argument=…)</c>.</summary>
public sealed class HostTool
{
    private HostTool(Type arguments, Type result, Func<object?, CancellationToken, Task<object?>> function) =>
        (ArgumentsType, ResultType, Function) = (arguments, result, function);

    /// <summary>The type that Python's arguments are converted to.</summary>
    internal Type ArgumentsType { get; }

    /// <summary>The .NET type by which the function's result is encoded as JSON.</summary>
    internal Type ResultType { get; }

    /// <summary>
    /// The .NET function. It takes an instance of <see cref="ArgumentsType"/> and returns an instance of <see cref="ResultType"/>.
    /// </summary>
    internal Func<object?, CancellationToken, Task<object?>> Function { get; }

    /// <summary>Creates a host tool from an asynchronous function.</summary>
    /// <typeparam name="TArguments">
    /// The type that Python's arguments, a JSON object, are converted to: a record with one property per argument, a dictionary, or
    /// <see cref="System.Text.Json.JsonElement"/>, which accepts anything.
    /// </typeparam>
    /// <typeparam name="TResult">The type of the result, which Python receives as JSON.</typeparam>
    /// <param name="function">
    /// The function that Python may call. Several workers may call it at the same time. Its cancellation token is cancelled when the Python
    /// call that uses the host tool is cancelled, exceeds its time limit or loses its worker. If the function throws, Python gets a
    /// <c>HostToolError</c>.
    /// </param>
    public static HostTool Create<TArguments, TResult>(Func<TArguments, CancellationToken, Task<TResult>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new HostTool(typeof(TArguments), typeof(TResult), async (arguments, cancellationToken) =>
            await function((TArguments)arguments!, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Creates a host tool from a synchronous function.</summary>
    /// <inheritdoc cref="Create{TArguments, TResult}(Func{TArguments, CancellationToken, Task{TResult}})"/>
    public static HostTool Create<TArguments, TResult>(Func<TArguments, TResult> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Create<TArguments, TResult>((arguments, _) => Task.FromResult(function(arguments)));
    }
}
