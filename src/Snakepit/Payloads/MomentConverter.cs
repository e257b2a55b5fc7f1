using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Snakepit.Payloads;

/// <summary>The converters of the types for a date with a time.</summary>
internal static class MomentConverter
{
    public static MomentConverter<DateTime> DateTime { get; } = new(JsonMetadataServices.DateTimeConverter);

    public static MomentConverter<DateTimeOffset> DateTimeOffset { get; } = new(JsonMetadataServices.DateTimeOffsetConverter);
}

/// <summary>
/// Refuses to read a time with digits below 100 ns, which .NET's own converters cut off. Some libraries of Python write them.
/// </summary>
/// <param name="builtIn">The converter of .NET for the same type.</param>
internal sealed class MomentConverter<T>(JsonConverter<T> builtIn) : JsonConverter<T>
{
    private const int Places = 7; // 100 ns, one tick of .NET

    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && IsFiner(reader.ValueSpan))
        {
            throw new JsonException($"the time {reader.GetString()} has digits below 100 ns, which a {typeof(T).Name} cannot hold");
        }

        return builtIn.Read(ref reader, typeToConvert, options);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => builtIn.Write(writer, value, options);

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        builtIn.ReadAsPropertyName(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        builtIn.WriteAsPropertyName(writer, value!, options);

    private static bool IsFiner(ReadOnlySpan<byte> text)
    {
        var digits = text[(text.IndexOf((byte)'.') + 1)..];
        if (digits.Length == text.Length || digits.Length <= Places)
        {
            return false;
        }

        digits = digits[Places..];
        var end = digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits[..(end < 0 ? digits.Length : end)].IndexOfAnyExcept((byte)'0') >= 0;
    }
}
