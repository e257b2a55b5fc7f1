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

        var (shape, elements) = (new int[rank], new List<T>());
        shape.AsSpan().Fill(-1);
        ReadLists(ref reader, options, shape, level: 0, elements);
        var made = Array.CreateInstanceFromArrayType(typeof(TArray), [.. shape.Select(static length => Math.Max(length, 0))]);
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

    private void ReadLists(ref Utf8JsonReader reader, JsonSerializerOptions options, int[] shape, int level, List<T> elements)
    {
        var length = 0;
        if (level == rank - 1)
        {
            var items = ItemReader.Read<T>(ref reader, options);
            elements.AddRange(items);
            length = items.Count;
        }
        else
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw new JsonException($"The JSON value could not be converted to {typeof(TArray)}.");
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                try
                {
                    ReadLists(ref reader, options, shape, level + 1, elements);
                }
                catch (JsonException exception)
                {
                    throw ItemReader.AtItem(length, typeof(T), exception);
                }

                length++;
            }
        }

        if (shape[level] >= 0 && shape[level] != length)
        {
            throw new JsonException($"a list has {length:N0} items, and those before it have {shape[level]:N0}");
        }

        shape[level] = length;
    }
}
