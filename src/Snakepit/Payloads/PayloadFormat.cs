using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Snakepit.Payloads.Arrays;

namespace Snakepit.Payloads;

/// <summary>How values are written and read whose types one resolver describes.</summary>
internal sealed class PayloadFormat
{
    /// <param name="options">The options of the pool.</param>
    /// <param name="types">What describes the types.</param>
    public PayloadFormat(JsonSerializerOptions options, IJsonTypeInfoResolver types)
    {
        Names = new RepeatedNames(options);
        Json = new JsonSerializerOptions(options)
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine(types, options.TypeInfoResolver, new ElementTypes())
                .WithAddedModifier(Names.Attend).WithAddedModifier(HiddenFields.Refuse).WithAddedModifier(LostContent.Refuse),
        };
        Json.MakeReadOnly(); // until then, types are looked up anew each time
    }

    public JsonSerializerOptions Json { get; }

    /// <summary>Knows whether a name may be there twice in what was written with <see cref="Json"/>.</summary>
    public RepeatedNames Names { get; }

    /// <summary>Returns how values of a type are written and read.</summary>
    /// <exception cref="NotSupportedException">Nothing describes the type.</exception>
    public JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)Json.GetTypeInfo(typeof(T));
}
