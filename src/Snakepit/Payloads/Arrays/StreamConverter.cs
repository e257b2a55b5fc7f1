using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snakepit.Payloads.Arrays;

/// <summary>Sends what is left of a stream as bytes beside the JSON. A result becomes a stream in memory.</summary>
internal sealed class StreamConverter : JsonConverter<Stream>
{
    public override bool CanConvert(Type typeToConvert) => typeof(Stream).IsAssignableFrom(typeToConvert);

    public override Stream Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (!typeToConvert.IsAssignableFrom(typeof(MemoryStream)))
        {
            throw new NotSupportedException($"a result cannot become a {typeToConvert}; ask for a {nameof(Stream)} or a byte[]");
        }

        var bytes = (JsonConverter<byte[]>)options.GetTypeInfo(typeof(byte[])).Converter;
        return new MemoryStream(bytes.Read(ref reader, typeof(byte[]), options)!, writable: false);
    }

    public override void Write(Utf8JsonWriter writer, Stream value, JsonSerializerOptions options)
    {
        using var content = new MemoryStream();
        value.CopyTo(content);
        Elements.AttachBytes(writer, content.GetBuffer().AsSpan(0, (int)content.Length));
    }
}
