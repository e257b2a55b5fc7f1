namespace Snakepit;

/// <summary>A function of this program that Python tools may call while they run: <c>ctx.host.call("name", argument=…)</c>.</summary>
public sealed class HostTool
{
    private HostTool(Type arguments, Type result, Func<object?, CancellationToken, Task<object?>> function) =>
        (ArgumentsType, ResultType, Function) = (arguments, result, function);

    /// <summary>The type that Python's arguments are read as.</summary>
    internal Type ArgumentsType { get; }

    /// <summary>The type that the result is written as.</summary>
    internal Type ResultType { get; }

    /// <summary>The function; it takes an instance of <see cref="ArgumentsType"/> and returns one of <see cref="ResultType"/>.</summary>
    internal Func<object?, CancellationToken, Task<object?>> Function { get; }

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
        return new HostTool(typeof(TArguments), typeof(TResult), async (arguments, cancellationToken) =>
            await function((TArguments)arguments!, cancellationToken));
    }

    /// <summary>Makes a host tool of a function that has its result at once.</summary>
    /// <inheritdoc cref="Create{TArguments, TResult}(Func{TArguments, CancellationToken, Task{TResult}})"/>
    public static HostTool Create<TArguments, TResult>(Func<TArguments, TResult> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Create<TArguments, TResult>((arguments, _) => Task.FromResult(function(arguments)));
    }
}
