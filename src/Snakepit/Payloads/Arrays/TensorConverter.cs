using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snakepit.Payloads.Arrays;

/// <summary>Sends a tensor beside the JSON. Reads it from there, or from JSON lists of equal lengths.</summary>
internal sealed class TensorConverter<T> : JsonConverter<Tensor<T>>
    where T : unmanaged
{
    public override Tensor<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (AttachmentReader.Take(ref reader) is { } attachment)
        {
            var shape = Elements.ShapeOf(attachment, rank: null);
            var elements = GC.AllocateUninitializedArray<T>(Elements.CountOf(attachment));
            Elements.Copy<T>(attachment, elements);
            return Over(elements, shape);
        }

        var (lengths, items) = NestedLists.Read<T>(ref reader, options, rank: null);
        return Over([.. items], lengths);
    }

    public override void Write(Utf8JsonWriter writer, Tensor<T> value, JsonSerializerOptions options)
    {
        if (value.IsEmpty)
        {
            // The one tensor without dimensions, Tensor<T>.Empty, has no elements. Python would take it for a number.
            Elements.Attach<T>(writer, [], value.Rank == 0 ? [0] : ShapeOf(value));
            return;
        }

        var length = checked((int)value.FlattenedLength);
        if (!value.TryGetSpan(new nint[value.Rank], length, out ReadOnlySpan<T> elements))
        {
            var inOrder = GC.AllocateUninitializedArray<T>(length); // the elements lie in another order, or not side by side
            value.FlattenTo(inOrder);
            elements = inOrder;
        }

        Elements.Attach(writer, elements, ShapeOf(value));
    }

    private static Tensor<T> Over(T[] elements, int[] shape) =>
        Tensor.Create(elements, Array.ConvertAll(shape, static length => (nint)length));

    private static int[] ShapeOf(Tensor<T> tensor) => Array.ConvertAll(tensor.Lengths.ToArray(), static length => (int)length);
}
