using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Snakepit.Payloads.Arrays;

/// <summary>
/// Describes to the serializer the elements of arrays, because an application's context need not name them: the source generator does not
/// look into arrays of several dimensions, or into types of this library.
/// </summary>
internal sealed class ElementTypes : IJsonTypeInfoResolver
{
    public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) => (type.IsEnum ? default : Type.GetTypeCode(type)) switch
    {
        TypeCode.Boolean => Describe(JsonMetadataServices.BooleanConverter, options),
        TypeCode.SByte => Describe(JsonMetadataServices.SByteConverter, options),
        TypeCode.Byte => Describe(JsonMetadataServices.ByteConverter, options),
        TypeCode.Int16 => Describe(JsonMetadataServices.Int16Converter, options),
        TypeCode.UInt16 => Describe(JsonMetadataServices.UInt16Converter, options),
        TypeCode.Int32 => Describe(JsonMetadataServices.Int32Converter, options),
        TypeCode.UInt32 => Describe(JsonMetadataServices.UInt32Converter, options),
        TypeCode.Int64 => Describe(JsonMetadataServices.Int64Converter, options),
        TypeCode.UInt64 => Describe(JsonMetadataServices.UInt64Converter, options),
        TypeCode.Single => Describe(JsonMetadataServices.SingleConverter, options),
        TypeCode.Double => Describe(JsonMetadataServices.DoubleConverter, options),
        _ when type == typeof(Half) => Describe(JsonMetadataServices.HalfConverter, options),
        _ when type == typeof(Complex) => Describe(new ComplexConverter(), options),
        _ when type == typeof(byte[]) => Describe(JsonMetadataServices.ByteArrayConverter, options),
        _ => null,
    };

    private static JsonTypeInfo<T> Describe<T>(JsonConverter<T?> builtIn, JsonSerializerOptions options)
    {
        var chosen = options.Converters.FirstOrDefault(static converter => converter.CanConvert(typeof(T))) switch
        {
            JsonConverterFactory factory => factory.CreateConverter(typeof(T), options),
            var converter => converter ?? builtIn,
        };
        return JsonMetadataServices.CreateValueInfo<T>(options, chosen!);
    }
}
