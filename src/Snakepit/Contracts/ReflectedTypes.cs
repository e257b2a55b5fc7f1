using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Snakepit.Contracts;

/// <summary>
/// Describes types to the serializer by reflection. A program that was trimmed may lack the properties that are looked for, and the trimmer
/// says so where a member with these attributes is used.
/// </summary>
internal sealed class ReflectedTypes : IJsonTypeInfoResolver
{
    /// <summary>What the attributes of the members that use reflection tell about a program that is trimmed.</summary>
    public const string WhenTrimmed =
        "The serializer finds the properties of the types by reflection, and the trimmer may remove them. Use the overload that takes a "
        + "JsonTypeInfo.";

    /// <summary>What the attributes of the members that use reflection tell about a program that is compiled ahead of time.</summary>
    public const string WhenAheadOfTime =
        "The serializer makes code for the types at run time. Use the overload that takes a JsonTypeInfo.";

    private readonly DefaultJsonTypeInfoResolver _types;

    [RequiresUnreferencedCode(WhenTrimmed)]
    [RequiresDynamicCode(WhenAheadOfTime)]
    private ReflectedTypes() => _types = new DefaultJsonTypeInfoResolver();

    /// <summary>The only instance, of which a race may make a second one that does the same.</summary>
    public static ReflectedTypes Instance
    {
        [RequiresUnreferencedCode(WhenTrimmed)]
        [RequiresDynamicCode(WhenAheadOfTime)]
        get => field ??= new ReflectedTypes();
    }

    /// <exception cref="NotSupportedException">The program was built without reflection.</exception>
    public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) => JsonSerializer.IsReflectionEnabledByDefault
        ? _types.GetTypeInfo(type, options)
        : throw new NotSupportedException(
            "this program was built without reflection in the serializer (JsonSerializerIsReflectionEnabledByDefault), so properties may "
            + "be missing: use the overload that takes a JsonTypeInfo");
}
