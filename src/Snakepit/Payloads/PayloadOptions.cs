using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Snakepit.Payloads;

/// <summary>Creates the serializer options with which values keep their exact content on the way to Python and back.</summary>
internal static class PayloadOptions
{
    /// <summary>How many objects and arrays may lie inside each other. The constant MAX_DEPTH in limits.py has the same value.</summary>
    public const int MaxDepth = 1_024;

    /// <summary>The options that are used if the application gives none: names in snake_case, as is usual in Python.</summary>
    public static JsonSerializerOptions PythonStyle { get; } = Exact(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        PropertyNameCaseInsensitive = true,
        AllowDuplicateProperties = false, // two keys of a dict may be the same property if case is ignored
        IncludeFields = true, // the items of a ValueTuple are fields, and would be left out
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    });

    /// <summary>Copies options and adds what they leave open. What the application has set stays as it is.</summary>
    public static JsonSerializerOptions Exact(JsonSerializerOptions options)
    {
        var exact = new JsonSerializerOptions(options)
        {
            MaxDepth = options.MaxDepth == 0 ? MaxDepth : options.MaxDepth,
            Encoder = new SurrogateRefusingEncoder(options.Encoder ?? JavaScriptEncoder.Default),
        };
        if (options.NumberHandling == JsonNumberHandling.Strict)
        {
            exact.Converters.Add(FloatConverter.Double);
            exact.Converters.Add(FloatConverter.Single);
            exact.Converters.Add(FloatConverter.Half);
            exact.Converters.Add(new DecimalConverter());
        }

        exact.Converters.Add(new BigIntegerConverter());
        exact.Converters.Add(new RawJsonConverter<JsonElement>(
            JsonMetadataServices.JsonElementConverter, static element => RawJson.Check(element)));
        exact.Converters.Add(new RawJsonConverter<JsonDocument>(
            JsonMetadataServices.JsonDocumentConverter!, static document => RawJson.Check(document.RootElement)));
        exact.Converters.Add(RawJsonConverter.ForNodes(JsonMetadataServices.JsonNodeConverter!));
        exact.Converters.Add(RawJsonConverter.ForNodes(JsonMetadataServices.JsonObjectConverter!));
        exact.Converters.Add(RawJsonConverter.ForNodes(JsonMetadataServices.JsonArrayConverter!));
        exact.Converters.Add(RawJsonConverter.ForNodes(JsonMetadataServices.JsonValueConverter!));
        return exact;
    }
}
