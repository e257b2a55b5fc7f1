using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Snakepit.Payloads;

/// <summary>Refuses to read a number whose digits a decimal cannot hold. .NET's own converter rounds them.</summary>
internal sealed class DecimalConverter : JsonConverter<decimal>
{
    private const int MostDigits = 28; // a decimal holds every number of 28 digits, and at most 28 places behind the point

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && options.NumberHandling.HasFlag(JsonNumberHandling.AllowReadingFromString))
        {
            var text = reader.GetString()!;
            return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var read)
                ? Exactly(read, text)
                : throw new JsonException($"The JSON value could not be converted to {typeof(decimal)}.");
        }

        var value = JsonMetadataServices.DecimalConverter.Read(ref reader, typeToConvert, options);
        return reader.TokenType == JsonTokenType.Number ? Exactly(value, Digits.Of(ref reader)) : value;
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        if (options.NumberHandling.HasFlag(JsonNumberHandling.WriteAsString))
        {
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            JsonMetadataServices.DecimalConverter.Write(writer, value, options);
        }
    }

    public override decimal ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonMetadataServices.DecimalConverter.ReadAsPropertyName(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        JsonMetadataServices.DecimalConverter.WriteAsPropertyName(writer, value, options);

    private static decimal Exactly(decimal value, string digits) => IsExact(digits)
        ? value
        : throw new JsonException($"the number {Digits.Shortened(digits)} has more digits than a Decimal can hold");

    private static bool IsExact(string number)
    {
        var parts = number.TrimStart('-').Split('e', 'E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var exponent = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        var places = (point < 0 ? 0 : parts[0].Length - point - 1) - exponent;
        var digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        var kept = digits.TrimEnd('0');
        var significant = kept.TrimStart('0').Length;
        // An integer that is too large makes .NET's own converter throw.
        return significant == 0 || places - (digits.Length - kept.Length) <= (significant <= MostDigits ? MostDigits : 0);
    }
}
