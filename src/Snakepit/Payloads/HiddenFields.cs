using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace Snakepit.Payloads;

/// <summary>
/// Refuses values of types that have public fields and no properties, such as a tuple, if the application's serializer options leave out
/// fields. The value would arrive as an empty object.
/// </summary>
internal static class HiddenFields
{
    /// <summary>Makes the serializer refuse such a type. To be called for each type.</summary>
    [UnconditionalSuppressMessage(
        "Trimming", "IL2075", Justification = "A field that the trimmer has removed is used nowhere, so nothing can be lost with it.")]
    public static void Refuse(JsonTypeInfo type)
    {
        if (type is { Kind: JsonTypeInfoKind.Object, Properties.Count: 0, Options.IncludeFields: false }
            && type.Type.GetFields(BindingFlags.Public | BindingFlags.Instance).Length > 0)
        {
            type.OnSerializing += Throw;
            type.OnDeserializing += Throw;
        }
    }

    private static void Throw(object value) => throw new NotSupportedException(
        $"{value.GetType()} has only fields, which the serializer options of this pool leave out: set IncludeFields in them");
}
