using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Snakepit.Payloads.Arrays;

/// <summary>Reads the items of a JSON array, for a value that Python has sent as a list.</summary>
internal static class ItemReader
{
    /// <summary>Reads a list. The reader stands at its beginning, and afterwards at its end.</summary>
    /// <exception cref="JsonException">An item cannot be converted. The inner exception has the path inside the list.</exception>
    public static List<T> Read<T>(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException($"The JSON value could not be converted to an array of {typeof(T).Name}.");
        }

        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        var converter = (JsonConverter<T>)type.Converter;
        var isStrict = options.NumberHandling == JsonNumberHandling.Strict; // else numbers may be texts, which converters do not know
        var items = new List<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            try
            {
                var isNull = reader.TokenType == JsonTokenType.Null && default(T) is null && !converter.HandleNull;
                items.Add(isNull ? default!
                    : isStrict ? converter.Read(ref reader, typeof(T), options)!
                    : JsonSerializer.Deserialize(ref reader, type)!);
            }
            catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
            {
                throw AtItem(items.Count, typeof(T), exception);
            }
        }

        return items;
    }

    /// <summary>Adds the index of an item to the path of an exception.</summary>
    public static JsonException AtItem(int index, Type type, Exception cause)
    {
        // What the converters of .NET throw for a wrong token is about their own code, so the serializer replaces the message too.
        var message = cause is JsonException ? cause.Message : $"The JSON value could not be converted to {type}.";
        var inner = new JsonException(message, string.Create(CultureInfo.InvariantCulture, $"$[{index}]"), null, null, cause);
        return new JsonException(message, inner);
    }
}
