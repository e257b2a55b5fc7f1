using System.Text.Json;

namespace Snakepit.Payloads.Arrays;

/// <summary>Reads JSON lists of equal lengths inside each other, for an array that Python has sent as lists.</summary>
internal static class NestedLists
{
    /// <summary>Returns the length of each dimension, outermost first, and the elements.</summary>
    /// <param name="reader">The reader stands at the beginning of the outermost list, and afterwards at its end.</param>
    /// <param name="options">The options with which the elements are read.</param>
    /// <param name="rank">How many lists lie inside each other; null for as many as begin at the first element, and at least one.</param>
    /// <exception cref="JsonException">The lists have different lengths, or an item cannot be converted.</exception>
    public static (int[] Shape, List<T> Elements) Read<T>(ref Utf8JsonReader reader, JsonSerializerOptions options, int? rank)
    {
        var (shape, elements) = (new int[rank ?? RankAt(reader)], new List<T>());
        shape.AsSpan().Fill(-1);
        Read(ref reader, options, shape, level: 0, elements);
        return (Array.ConvertAll(shape, static length => Math.Max(length, 0)), elements);
    }

    private static int RankAt(Utf8JsonReader ahead) // a copy, so that the reader itself does not move
    {
        var rank = 0;
        while (ahead.TokenType == JsonTokenType.StartArray)
        {
            rank++;
            ahead.Read();
        }

        return Math.Max(rank, 1);
    }

    private static void Read<T>(ref Utf8JsonReader reader, JsonSerializerOptions options, int[] shape, int level, List<T> elements)
    {
        var length = 0;
        if (level == shape.Length - 1)
        {
            var items = ItemReader.Read<T>(ref reader, options);
            elements.AddRange(items);
            length = items.Count;
        }
        else
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw new JsonException(
                    $"The JSON value could not be converted to an array of {typeof(T).Name} with {shape.Length} dimensions.");
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                try
                {
                    Read(ref reader, options, shape, level + 1, elements);
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
