using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Memory;
using Snakepit.Protocol.V1;
using Kind = Snakepit.Protocol.V1.Attachment.Types.Kind;

namespace Snakepit.Payloads.Arrays;

/// <summary>Sends an array that lies in shared memory already, and gives a result that does as such an array.</summary>
internal sealed class SharedArrayConverter<T> : JsonConverter<SharedArray<T>>
    where T : unmanaged
{
    public override SharedArray<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (AttachmentReader.Take(ref reader) is not { } attachment)
        {
            return SharedArray.CopyOf<T>(CollectionsMarshal.AsSpan(ItemReader.Read<T>(ref reader, options)));
        }

        var shape = Elements.ShapeOf(attachment, rank: null);
        if (RangeOf(attachment) is { } range && range.TryUse())
        {
            return new SharedArray<T>(range, shape);
        }

        var made = new SharedArray<T>(shape);
        try
        {
            Elements.Copy(attachment, made.AsSpan());
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    public override void Write(Utf8JsonWriter writer, SharedArray<T> value, JsonSerializerOptions options) =>
        AttachmentWriter.Attach(writer, Elements.Described<T>(value.Shape), value.Range);

    /// <summary>
    /// Returns the shared memory that an attachment lies in; null if it lies elsewhere, or if its elements must be converted.
    /// </summary>
    private static SharedRange? RangeOf(Attachment attachment)
    {
        var kind = attachment.Kind == Kind.Bytes ? Kind.Uint8 : attachment.Kind;
        return kind == ElementKind.Of<T>()
            && MemoryMarshal.TryGetMemoryManager<byte, SharedRange>(attachment.Content.Memory, out var range) ? range : null;
    }
}
