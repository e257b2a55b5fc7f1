using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using Snakepit.Contracts;

namespace Snakepit;

/// <summary>A .NET function that Python tools may call while they run: <c>ctx.host.call("name", argument=…)</c>.</summary>
public sealed class HostTool
{
    private HostTool(
        (Type Type, IJsonTypeInfoResolver Types) arguments,
        (Type Type, IJsonTypeInfoResolver Types) result,
        Func<object?, CancellationToken, Task<object?>> function)
    {
        (ArgumentsType, TypesOfArguments) = arguments;
        (ResultType, TypesOfResult) = result;
        Function = function;
    }

    /// <summary>The type that Python's arguments are converted to.</summary>
    internal Type ArgumentsType { get; }

    /// <summary>What describes <see cref="ArgumentsType"/> to the serializer.</summary>
    internal IJsonTypeInfoResolver TypesOfArguments { get; }

    /// <summary>The .NET type by which the function's result is encoded as JSON.</summary>
    internal Type ResultType { get; }

    /// <summary>What describes <see cref="ResultType"/> to the serializer.</summary>
    internal IJsonTypeInfoResolver TypesOfResult { get; }

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
    [RequiresUnreferencedCode(ReflectedTypes.WhenTrimmed)]
    [RequiresDynamicCode(ReflectedTypes.WhenAheadOfTime)]
    public static HostTool Create<TArguments, TResult>(Func<TArguments, CancellationToken, Task<TResult>> function) =>
        Create(function, ReflectedTypes.Instance, ReflectedTypes.Instance);

    /// <summary>Creates a host tool from a synchronous function.</summary>
    /// <inheritdoc cref="Create{TArguments, TResult}(Func{TArguments, CancellationToken, Task{TResult}})"/>
    [RequiresUnreferencedCode(ReflectedTypes.WhenTrimmed)]
    [RequiresDynamicCode(ReflectedTypes.WhenAheadOfTime)]
    public static HostTool Create<TArguments, TResult>(Func<TArguments, TResult> function) =>
        Create(Asynchronous(function), ReflectedTypes.Instance, ReflectedTypes.Instance);

    /// <summary>Creates a host tool from an asynchronous function. It uses no reflection.</summary>
    /// <param name="function">The function, as without the descriptions of types.</param>
    /// <param name="argumentsType">The description of the type of the arguments, of a <c>JsonSerializerContext</c>.</param>
    /// <param name="resultType">The description of the type of the result.</param>
    /// <inheritdoc cref="Create{TArguments, TResult}(Func{TArguments, CancellationToken, Task{TResult}})"/>
    public static HostTool Create<TArguments, TResult>(
        Func<TArguments, CancellationToken, Task<TResult>> function,
        JsonTypeInfo<TArguments> argumentsType,
        JsonTypeInfo<TResult> resultType) =>
        Create(function, DescribedTypes.Of(argumentsType, nameof(argumentsType)), DescribedTypes.Of(resultType, nameof(resultType)));

    /// <summary>Creates a host tool from a synchronous function. It uses no reflection.</summary>
    /// <param name="function">The function, as without the descriptions of types.</param>
    /// <param name="argumentsType">The description of the type of the arguments, of a <c>JsonSerializerContext</c>.</param>
    /// <param name="resultType">The description of the type of the result.</param>
    /// <inheritdoc cref="Create{TArguments, TResult}(Func{TArguments, CancellationToken, Task{TResult}})"/>
    public static HostTool Create<TArguments, TResult>(
        Func<TArguments, TResult> function, JsonTypeInfo<TArguments> argumentsType, JsonTypeInfo<TResult> resultType) =>
        Create(Asynchronous(function), argumentsType, resultType);

    private static HostTool Create<TArguments, TResult>(
        Func<TArguments, CancellationToken, Task<TResult>> function,
        IJsonTypeInfoResolver typesOfArguments,
        IJsonTypeInfoResolver typesOfResult)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new HostTool(
            (typeof(TArguments), typesOfArguments),
            (typeof(TResult), typesOfResult),
            async (arguments, cancellationToken) => await function((TArguments)arguments!, cancellationToken).ConfigureAwait(false));
    }

    private static Func<TArguments, CancellationToken, Task<TResult>> Asynchronous<TArguments, TResult>(Func<TArguments, TResult> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return (arguments, _) => Task.FromResult(function(arguments));
    }
}
