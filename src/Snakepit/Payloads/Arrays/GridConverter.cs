using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snakepit.Payloads.Arrays;

/// <summary>Sends an array of several dimensions beside the JSON. Reads it from there, or from JSON lists of equal lengths.</summary>
/// <typeparam name="TArray">The type of the array, such as <c>float[,]</c>.</typeparam>
/// <typeparam name="T">The type of its elements.</typeparam>
/// <param name="rank">The number of dimensions.</param>
internal sealed class GridConverter<TArray, T>(int rank) : JsonConverter<TArray>
    where TArray : class
    where T : unmanaged
{
    public override TArray Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (AttachmentReader.Take(ref reader) is { } attachment)
        {
            var array = Array.CreateInstanceFromArrayType(typeof(TArray), Elements.ShapeOf(attachment, rank));
            Elements.Copy(attachment, ElementsOf(array));
            return (TArray)(object)array;
        }

        var (shape, elements) = NestedLists.Read<T>(ref reader, options, rank);
        var made = Array.CreateInstanceFromArrayType(typeof(TArray), shape);
        CollectionsMarshal.AsSpan(elements).CopyTo(ElementsOf(made));
        return (TArray)(object)made;
    }

    public override void Write(Utf8JsonWriter writer, TArray value, JsonSerializerOptions options)
    {
        var array = (Array)(object)value;
        Span<int> shape = stackalloc int[rank];
        for (var dimension = 0; dimension < rank; dimension++)
        {
            shape[dimension] = array.GetLength(dimension);
        }

        Elements.Attach<T>(writer, ElementsOf(array), shape);
    }

    private static Span<T> ElementsOf(Array array) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);
}
