using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Protocol.V1;

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

    public override void Write(Utf8JsonWriter writer, TArray value, JsonSerializerOptions options) =>
        AttachmentWriter.Attach(writer, Attached(elementsOf(value).Span));

    private static Attachment Attached(ReadOnlySpan<T> elements) => typeof(T) == typeof(byte)
        ? Elements.ToAttachment(System.Runtime.InteropServices.MemoryMarshal.AsBytes(elements))
        : Elements.ToAttachment(elements, elements.Length);
}
