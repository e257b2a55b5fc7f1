using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Snakepit.Payloads;

/// <summary>Refuses JSON that the application has parsed itself if Python could not read it exactly.</summary>
internal static class RawJson
{
    /// <summary>
    /// Throws for a name that is there twice, a lone surrogate, a number too large or too small for a float, and values nested too deeply.
    /// </summary>
    /// <exception cref="RefusedJsonException">Python could not read the element exactly.</exception>
    public static void Check(JsonElement element, int level = 0)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Number:
                CheckNumber(element);
                break;
            case JsonValueKind.String when JsonMarshal.GetRawUtf8Value(element).Contains((byte)'\\'):
                CheckText(element);
                break;
            case JsonValueKind.Array:
                CheckItems(element, level + 1);
                break;
            case JsonValueKind.Object:
                CheckProperties(element, level + 1);
                break;
        }
    }

    /// <inheritdoc cref="Check(JsonElement, int)"/>
    public static void Check(JsonNode? node, int level = 0)
    {
        switch (node)
        {
            case JsonValue value when value.TryGetValue<JsonElement>(out var element):
                Check(element, level);
                break;
            case JsonArray array:
                RequireDepth(level + 1);
                CheckItems(array, level + 1);
                break;
            case JsonObject properties:
                RequireDepth(level + 1);
                CheckProperties(properties, level + 1);
                break;
        }
    }

    private static void CheckNumber(JsonElement number)
    {
        // A number without fraction and exponent is an int in Python, which has no limit.
        if (JsonMarshal.GetRawUtf8Value(number).IndexOfAny(".eE"u8) < 0)
        {
            return;
        }

        var value = number.GetDouble();
        if (!double.IsFinite(value))
        {
            throw new RefusedJsonException($"{Digits.Shortened(number.GetRawText())} is too large for a float");
        }

        if (value == 0 && Digits.AreNotZero(number.GetRawText()))
        {
            throw new RefusedJsonException($"{Digits.Shortened(number.GetRawText())} is too small for a float, which would be 0");
        }
    }

    private static void CheckText(JsonElement text)
    {
        try
        {
            _ = text.GetString();
        }
        catch (InvalidOperationException exception)
        {
            throw new RefusedJsonException($"a text has a lone surrogate: {exception.Message}");
        }
    }

    private static void CheckItems(JsonElement array, int level)
    {
        RequireDepth(level);
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            try
            {
                Check(item, level);
            }
            catch (RefusedJsonException refused) when (refused.IsNotAt(index))
            {
            }

            index++;
        }
    }

    private static void CheckItems(JsonArray array, int level)
    {
        for (var index = 0; index < array.Count; index++)
        {
            var at = index;
            try
            {
                Check(array[index], level);
            }
            catch (RefusedJsonException refused) when (refused.IsNotAt(at))
            {
            }
        }
    }

    private static void CheckProperties(JsonElement properties, int level)
    {
        RequireDepth(level);
        var names = new HashSet<string>();
        foreach (var property in properties.EnumerateObject())
        {
            var name = NameOf(property);
            if (!names.Add(name))
            {
                throw new RefusedJsonException($"the object has two properties with the name \"{name}\"");
            }

            try
            {
                Check(property.Value, level);
            }
            catch (RefusedJsonException refused) when (refused.IsNotAt(name))
            {
            }
        }
    }

    private static void CheckProperties(JsonObject properties, int level)
    {
        try
        {
            _ = properties.Count; // a parsed node reads its JSON only now
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            throw new RefusedJsonException(exception.Message); // a name that is there twice, or has a lone surrogate
        }

        foreach (var (name, value) in properties)
        {
            try
            {
                Check(value, level);
            }
            catch (RefusedJsonException refused) when (refused.IsNotAt(name))
            {
            }
        }
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException exception)
        {
            throw new RefusedJsonException($"a name has a lone surrogate: {exception.Message}");
        }
    }

    private static void RequireDepth(int level)
    {
        if (level > PayloadOptions.MaxDepth)
        {
            throw new RefusedJsonException(WrittenPath.TooDeep(PayloadOptions.MaxDepth));
        }
    }
}

/// <summary>Thrown while a value is written, for JSON inside it that Python could not read exactly.</summary>
/// <param name="reason">Why it is refused.</param>
internal sealed class RefusedJsonException(string reason) : JsonException(reason)
{
    private readonly List<object> _inwards = [];

    /// <summary>The steps from the JSON that the application has parsed to what is refused: names and indices.</summary>
    public IEnumerable<object> Steps => Enumerable.Reverse(_inwards);

    /// <summary>
    /// Adds an outer step. It always returns false, so that an exception filter can add the step without catching the exception.
    /// </summary>
    public bool IsNotAt(object step)
    {
        _inwards.Add(step);
        return false;
    }
}

/// <summary>Creates converters of JSON that the application has parsed.</summary>
internal static class RawJsonConverter
{
    public static RawJsonConverter<T> ForNodes<T>(JsonConverter<T?> builtIn)
        where T : JsonNode => new(builtIn!, static node => RawJson.Check(node));
}

/// <summary>Checks JSON that the application has parsed before it is written.</summary>
/// <param name="builtIn">The converter of .NET for the same type.</param>
/// <param name="check">Throws if Python could not read the JSON exactly.</param>
internal sealed class RawJsonConverter<T>(JsonConverter<T> builtIn, Action<T> check) : JsonConverter<T>
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        builtIn.Read(ref reader, typeToConvert, options);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        check(value);
        builtIn.Write(writer, value, options);
    }
}
