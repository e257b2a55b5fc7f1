using System.Text.Json.Serialization.Metadata;
using Snakepit.Contracts;

namespace Snakepit.Payloads;

/// <summary>Arguments whose type the application has described.</summary>
/// <param name="Value">The arguments.</param>
/// <param name="Type">The type as which they are written.</param>
/// <param name="Types">What describes the type.</param>
internal sealed record DescribedArguments(object Value, Type Type, IJsonTypeInfoResolver Types)
{
    /// <summary>Returns null if there are no arguments.</summary>
    public static DescribedArguments? Of<T>(T value, JsonTypeInfo<T> argumentsType)
    {
        var types = DescribedTypes.Of(argumentsType, nameof(argumentsType));
        return value is null ? null : new DescribedArguments(value, typeof(T), types);
    }
}
