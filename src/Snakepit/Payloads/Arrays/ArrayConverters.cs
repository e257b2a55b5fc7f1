using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snakepit.Payloads.Arrays;

/// <summary>
/// Creates the converters of arrays whose elements have an <see cref="ElementKind"/>, and of memory that holds such elements. The types are
/// written out, so that a program which is compiled ahead of time has the code for them.
/// </summary>
internal sealed class ArrayConverters : JsonConverterFactory
{
    /// <summary>How many dimensions arrays of .NET may have. A tensor may have more.</summary>
    public const int HighestRank = 4;

    public override bool CanConvert(Type typeToConvert) =>
        ElementOf(typeToConvert) is { } element && (ElementKind.TryGet(element, out _) || IsTensor(typeToConvert));

    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        var element = ElementOf(typeToConvert)!;
        if (!ElementKind.TryGet(element, out _))
        {
            // The serializer itself would write the elements of a tensor without its shape.
            throw new NotSupportedException($"a tensor of {element} cannot be sent; arrays are sent of numbers, bool and Complex");
        }

        return Type.GetTypeCode(element) switch
        {
            TypeCode.Boolean => Create<bool>(typeToConvert),
            TypeCode.SByte => Create<sbyte>(typeToConvert),
            TypeCode.Byte => Create<byte>(typeToConvert),
            TypeCode.Int16 => Create<short>(typeToConvert),
            TypeCode.UInt16 => Create<ushort>(typeToConvert),
            TypeCode.Int32 => Create<int>(typeToConvert),
            TypeCode.UInt32 => Create<uint>(typeToConvert),
            TypeCode.Int64 => Create<long>(typeToConvert),
            TypeCode.UInt64 => Create<ulong>(typeToConvert),
            TypeCode.Single => Create<float>(typeToConvert),
            TypeCode.Double => Create<double>(typeToConvert),
            _ => element == typeof(Half) ? Create<Half>(typeToConvert) : Create<Complex>(typeToConvert),
        };
    }

    private static Type? ElementOf(Type type)
    {
        if (type.IsArray)
        {
            return type.GetArrayRank() <= HighestRank ? type.GetElementType() : null;
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return definition == typeof(Memory<>) || definition == typeof(ReadOnlyMemory<>) || definition == typeof(SharedArray<>)
            || IsTensor(type)
            ? type.GenericTypeArguments[0] : null;
    }

    // The names are compared, because to name the type itself would load its assembly in programs that have no tensors.
    private static bool IsTensor(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition().FullName == "System.Numerics.Tensors.Tensor`1";

    private static JsonConverter Create<T>(Type type)
        where T : unmanaged
    {
        if (type == typeof(T[]))
        {
            return new ArrayConverter<T[], T>(static array => array, static array => array);
        }

        if (type == typeof(Memory<T>))
        {
            return new ArrayConverter<Memory<T>, T>(static memory => memory, static array => array);
        }

        return type == typeof(SharedArray<T>) ? new SharedArrayConverter<T>()
            : type == typeof(Tensor<T>) ? new TensorConverter<T>()
            : type == typeof(ReadOnlyMemory<T>) ? new ArrayConverter<ReadOnlyMemory<T>, T>(static memory => memory, static array => array)
            : type == typeof(T[,]) ? new GridConverter<T[,], T>(rank: 2)
            : type == typeof(T[,,]) ? new GridConverter<T[,,], T>(rank: 3)
            : new GridConverter<T[,,,], T>(rank: 4);
    }
}
