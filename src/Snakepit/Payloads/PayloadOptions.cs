using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Snakepit.Contracts;
using Snakepit.Payloads.Arrays;

namespace Snakepit.Payloads;

/// <summary>The serializer options with which values keep their exact content on the way to Python and back.</summary>
internal sealed class PayloadOptions
{
    /// <summary>
    /// How many objects and arrays may lie inside each other in an argument, a result or an attribute of an exception. The constant
    /// MAX_DEPTH in limits.py has the same value.
    /// </summary>
    public const int MaxDepth = 1_024;

    /// <summary>The limit of the serializer: the object of the arguments, or of the attributes, lies around their values.</summary>
    public const int MaxDepthWithNames = MaxDepth + 1;

    private readonly ConditionalWeakTable<IJsonTypeInfoResolver, PayloadFormat> _formats = [];
    private PayloadFormat? _reflecting;

    /// <summary>Copies options and adds what they leave open. What the application has set stays as it is.</summary>
    public PayloadOptions(JsonSerializerOptions options) => Basis = Exact(options);

    /// <summary>The options that are used if the application gives none: names in snake_case, as is usual in Python.</summary>
    public static PayloadOptions PythonStyle { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        PropertyNameCaseInsensitive = true,
        IncludeFields = true, // the items of a ValueTuple are fields, and would be left out
    });

    /// <summary>The options that all formats have, which differ in what describes the types.</summary>
    public JsonSerializerOptions Basis { get; }

    /// <summary>Returns how values are written and read whose types <paramref name="types"/> describes.</summary>
    public PayloadFormat With(IJsonTypeInfoResolver types) => types is ReflectedTypes
        ? _reflecting ??= new PayloadFormat(Basis, Basis.TypeInfoResolver ?? types)
        : _formats.TryGetValue(types, out var format) ? format
        : _formats.GetValue(types, types => new PayloadFormat(Basis, types));

    private static JsonSerializerOptions Exact(JsonSerializerOptions options)
    {
        var exact = new JsonSerializerOptions(options)
        {
            AllowDuplicateProperties = false, // two keys of a dict may be the same property if case is ignored, or the same key here
            MaxDepth = options.MaxDepth == 0 ? MaxDepthWithNames : options.MaxDepth,
            Encoder = new SurrogateRefusingEncoder(options.Encoder ?? JavaScriptEncoder.Default),
        };
        exact.Converters.Add(FloatConverter.Double);
        exact.Converters.Add(FloatConverter.Single);
        exact.Converters.Add(FloatConverter.Half);
        exact.Converters.Add(new DecimalConverter());
        exact.Converters.Add(MomentConverter.DateTime);
        exact.Converters.Add(MomentConverter.DateTimeOffset);
        exact.Converters.Add(new SetConverters());
        exact.Converters.Add(new BigIntegerConverter());
        exact.Converters.Add(new ComplexConverter());
        exact.Converters.Add(new StreamConverter());
        exact.Converters.Add(new ArrayConverters());
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
