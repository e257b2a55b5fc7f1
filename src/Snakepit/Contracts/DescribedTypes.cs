using System.Text.Json.Serialization.Metadata;

namespace Snakepit.Contracts;

/// <summary>Finds what describes the types that a <see cref="JsonTypeInfo"/> needs: the application's context.</summary>
internal static class DescribedTypes
{
    /// <exception cref="ArgumentNullException">There is no <paramref name="type"/>.</exception>
    public static IJsonTypeInfoResolver Of(JsonTypeInfo type, string parameter)
    {
        ArgumentNullException.ThrowIfNull(type, parameter);
        return type.Options.TypeInfoResolver ?? type.OriginatingResolver ?? throw new ArgumentException(
            $"Nothing describes the types that {type.Type} has: take its JsonTypeInfo from a JsonSerializerContext.", parameter);
    }
}
