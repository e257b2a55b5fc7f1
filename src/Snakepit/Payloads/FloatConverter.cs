using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

using Snakepit.Payloads.Arrays;

namespace Snakepit.Payloads;

/// <summary>The converters of the floating-point types.</summary>
internal static class FloatConverter
{
    public static FloatConverter<double> Double { get; } = new(JsonMetadataServices.DoubleConverter, exactBelow: 1L << 53);

    public static FloatConverter<float> Single { get; } = new(JsonMetadataServices.SingleConverter, exactBelow: 1L << 24);

    public static FloatConverter<Half> Half { get; } = new(JsonMetadataServices.HalfConverter, exactBelow: 1L << 11);
}

/// <summary>
/// Writes whole numbers with a fraction (<c>5.0</c>, <c>-0.0</c>), so that Python reads a float, and refuses to read a number that the
/// type cannot hold: one that would become infinite or 0, or an integer that would lose digits.
/// </summary>
/// <param name="builtIn">The converter of .NET for the same type.</param>
/// <param name="exactBelow">The bound below which the type holds every integer.</param>
internal sealed class FloatConverter<T>(JsonConverter<T> builtIn, long exactBelow) : JsonConverter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int LongestText = 64; // bytes, more than any number of these types takes

    private readonly T _exactBelow = T.CreateChecked(exactBelow);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return FromText(reader.GetString()!, options.NumberHandling);
        }

        var value = builtIn.Read(ref reader, typeToConvert, options);
        if (!(T.Abs(value) < _exactBelow) && reader.TokenType == JsonTokenType.Number)
        {
            RequireExact(value, Digits.Of(ref reader));
        }
        else if (value == T.Zero && AttachmentReader.Take(ref reader) is { } attachment)
        {
            // A float of Python has 64 bits, also if it is NaN or infinite, which every type of floats has.
            return attachment is { Kind: Protocol.V1.Attachment.Types.Kind.Float64, Shape: [] }
                && Elements.ToNumber<double>(attachment) is var number && !double.IsFinite(number)
                    ? T.CreateTruncating(number)
                    : Elements.ToNumber<T>(attachment);
        }
        else if (value == T.Zero && reader.TokenType == JsonTokenType.Number && Digits.Of(ref reader) is var digits
            && Digits.AreNotZero(digits))
        {
            throw new JsonException($"the number {Digits.Shortened(digits)} is too small for a {typeof(T).Name}, which would be 0");
        }

        return value;
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        if (options.NumberHandling.HasFlag(JsonNumberHandling.WriteAsString)
            || (options.NumberHandling.HasFlag(JsonNumberHandling.AllowNamedFloatingPointLiterals) && !T.IsFinite(value)))
        {
            writer.WriteStringValue(value.ToString(format: null, CultureInfo.InvariantCulture));
            return;
        }

        if (!T.IsFinite(value))
        {
            Elements.Attach<T>(writer, [value]);
            return;
        }

        Span<byte> text = stackalloc byte[LongestText];
        if (T.IsInteger(value) && value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture)
            && text[..length].IndexOfAny((byte)'.', (byte)'E') < 0)
        {
            ".0"u8.CopyTo(text[length..]);
            writer.WriteRawValue(text[..(length + 2)], skipInputValidation: true);
        }
        else
        {
            builtIn.Write(writer, value, options);
        }
    }

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        builtIn.ReadAsPropertyName(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        builtIn.WriteAsPropertyName(writer, value, options);

    /// <summary>Reads a number from text, if the application's options allow that.</summary>
    private T FromText(string text, JsonNumberHandling handling)
    {
        if (handling.HasFlag(JsonNumberHandling.AllowNamedFloatingPointLiterals) && text is "NaN" or "Infinity" or "-Infinity")
        {
            return T.Parse(text, CultureInfo.InvariantCulture);
        }

        if (!handling.HasFlag(JsonNumberHandling.AllowReadingFromString)
            || !T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            throw new JsonException($"The JSON value could not be converted to {typeof(T)}.");
        }

        if (!(T.Abs(value) < _exactBelow))
        {
            RequireExact(value, text);
        }

        return value != T.Zero || !Digits.AreNotZero(text)
            ? value
            : throw new JsonException($"the number {Digits.Shortened(text)} is too small for a {typeof(T).Name}, which would be 0");
    }

    private static void RequireExact(T value, string digits)
    {
        if (!T.IsFinite(value))
        {
            throw new JsonException($"the number {Digits.Shortened(digits)} is too large for a {typeof(T).Name}");
        }

        if (BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exact)
            && exact != BigInteger.CreateChecked(value))
        {
            throw new JsonException($"the integer {Digits.Shortened(digits)} has more digits than a {typeof(T).Name} can hold");
        }
    }
}
