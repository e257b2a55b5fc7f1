using System.Collections;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>
/// Writes values as bytes that are equal only if the values are equal to the last bit, because <c>Equals</c> takes every NaN for the same,
/// and -0.0 for 0.0.
/// </summary>
internal static class Bits
{
    /// <summary>The NaN that Python's own functions return. That of .NET is negative.</summary>
    public static double PythonNan { get; } = BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000);

    /// <summary>
    /// Returns the types and the content of numbers, texts, arrays, streams, memory, lists, dictionaries, and of the properties of records.
    /// </summary>
    public static byte[] Of(object? value)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
        {
            Write(writer, value);
        }

        return bytes.ToArray();
    }

    /// <summary>Returns the memory of an array of numbers, the last index changing fastest.</summary>
    public static Span<byte> Memory(Array numbers)
    {
        var element = numbers.GetType().GetElementType()!;
        var length = element == typeof(Half) ? 2 * numbers.Length
            : element == typeof(Complex) ? 16 * numbers.Length
            : Buffer.ByteLength(numbers);
        return MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(numbers), length);
    }

    private static void Write(BinaryWriter to, object? value)
    {
        switch (value)
        {
            case null:
                to.Write("null");
                break;
            case string text:
                to.Write(text);
                break;
            case Array array when IsNumber(array.GetType().GetElementType()!):
                to.Write(array.GetType().Name);
                for (var dimension = 0; dimension < array.Rank; dimension++)
                {
                    to.Write(array.GetLength(dimension));
                }

                to.Write(Memory(array));
                break;
            case IReadOnlyTensor tensor:
                Write(to, tensor.Lengths.ToArray().Select(static length => (long)length).ToArray());
                var elements = Array.CreateInstance(value.GetType().GenericTypeArguments[0], (int)tensor.FlattenedLength);
                foreach (var (index, element) in ((IEnumerable)value).Cast<object>().Index())
                {
                    elements.SetValue(element, index);
                }

                Write(to, elements);
                break;
            case MemoryStream stream:
                to.Write(stream.ToArray().Length);
                to.Write(stream.ToArray());
                break;
            case IDictionary dictionary:
                to.Write(dictionary.Count);
                foreach (var key in dictionary.Keys.Cast<string>().Order(StringComparer.Ordinal))
                {
                    to.Write(key);
                    Write(to, dictionary[key]);
                }

                break;
            case ICollection items:
                to.Write(items.Count);
                foreach (var item in items)
                {
                    Write(to, item);
                }

                break;
            default:
                WriteByType(to, value, value.GetType());
                break;
        }
    }

    private static void WriteByType(BinaryWriter to, object value, Type type)
    {
        if (IsNumber(type))
        {
            var one = Array.CreateInstance(type, 1);
            one.SetValue(value, 0);
            Write(to, one);
        }
        else if (type.GetMethod("ToArray", []) is { } toArray) // of Memory<T> and ReadOnlyMemory<T>
        {
            Write(to, toArray.Invoke(value, []));
        }
        else
        {
            foreach (var property in type.GetProperties())
            {
                to.Write(property.Name);
                Write(to, property.GetValue(value));
            }
        }
    }

    private static bool IsNumber(Type type) => type.IsPrimitive || type == typeof(Half) || type == typeof(Complex);
}
