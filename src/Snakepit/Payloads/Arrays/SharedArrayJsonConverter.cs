using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Payloads.Arrays;

namespace Snakepit;

/// <summary>
/// Tells the source generator of the serializer that it need not look into <see cref="SharedArray{T}"/>. Programs have no use for it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SharedArrayJsonConverter : JsonConverterFactory
{
    private static readonly ArrayConverters Arrays = new();

    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => Arrays.CanConvert(typeToConvert);

    /// <inheritdoc/>
    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        Arrays.CreateConverter(typeToConvert, options);
}
