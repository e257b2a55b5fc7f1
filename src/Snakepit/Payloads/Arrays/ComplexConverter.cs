using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snakepit.Payloads.Arrays;

/// <summary>Sends a complex number beside the JSON. Reads it from there, or from a JSON number.</summary>
internal sealed class ComplexConverter : JsonConverter<Complex>
{
    public override Complex Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        AttachmentReader.Take(ref reader) is { } attachment
            ? Elements.ToNumber<Complex>(attachment)
            : ((JsonConverter<double>)options.GetTypeInfo(typeof(double)).Converter).Read(ref reader, typeof(double), options);

    public override void Write(Utf8JsonWriter writer, Complex value, JsonSerializerOptions options) =>
        Elements.Attach<Complex>(writer, [value]);
}
