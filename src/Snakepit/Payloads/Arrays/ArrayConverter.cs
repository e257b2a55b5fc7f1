using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snakepit.Payloads.Arrays;

/// <summary>Sends what holds elements in a row, such as an array, beside the JSON. Reads it from there, or from a JSON list.</summary>
/// <param name="elementsOf">Returns the elements of a value.</param>
/// <param name="make">Makes a value from an array that nothing else uses.</param>
internal sealed class ArrayConverter<TArray, T>(Func<TArray, ReadOnlyMemory<T>> elementsOf, Func<T[], TArray> make) : JsonConverter<TArray>
    where T : unmanaged
{
    public override TArray Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (AttachmentReader.Take(ref reader) is { } attachment)
        {
            var elements = GC.AllocateUninitializedArray<T>(Elements.ShapeOf(attachment, rank: 1)[0]);
            Elements.Copy<T>(attachment, elements);
            return make(elements);
        }

        return reader.TokenType == JsonTokenType.String && typeof(T) == typeof(byte)
            ? make((T[])(object)reader.GetBytesFromBase64()) // Python may send base64 by itself
            : make([.. ItemReader.Read<T>(ref reader, options)]);
    }

    public override void Write(Utf8JsonWriter writer, TArray value, JsonSerializerOptions options)
    {
        var elements = elementsOf(value).Span;
        if (typeof(T) == typeof(byte))
        {
            Elements.AttachBytes(writer, MemoryMarshal.AsBytes(elements));
        }
        else
        {
            Elements.Attach(writer, elements, elements.Length);
        }
    }
}
