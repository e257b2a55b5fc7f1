using System.Runtime.InteropServices;
using System.Text.Json;
using Snakepit.Protocol.V1;
using Kind = Snakepit.Protocol.V1.Attachment.Types.Kind;

namespace Snakepit.Payloads.Arrays;

/// <summary>Copies elements from .NET memory into an attachment, and back.</summary>
internal static class Elements
{
    /// <summary>Attaches elements; the index of the last dimension changes fastest.</summary>
    /// <param name="json">The writer of the JSON.</param>
    /// <param name="elements">The elements, which are copied.</param>
    /// <param name="shape">The length of each dimension, outermost first; none for one number that is no array.</param>
    public static void Attach<T>(Utf8JsonWriter json, ReadOnlySpan<T> elements, params ReadOnlySpan<int> shape)
        where T : unmanaged => AttachmentWriter.Attach(json, Described<T>(shape), MemoryMarshal.AsBytes(elements));

    /// <summary>Makes an attachment that has no content yet.</summary>
    /// <param name="shape">The length of each dimension, outermost first; none for one number that is no array.</param>
    public static Attachment Described<T>(ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        var attachment = new Attachment { Kind = ElementKind.Of<T>() };
        foreach (var length in shape)
        {
            attachment.Shape.Add((ulong)length);
        }

        return attachment;
    }

    /// <summary>Attaches bytes that are no numbers; they are copied.</summary>
    public static void AttachBytes(Utf8JsonWriter json, ReadOnlySpan<byte> bytes) =>
        AttachmentWriter.Attach(json, new Attachment { Kind = Kind.Bytes }, bytes);

    /// <summary>Returns the lengths of the dimensions. Bytes have one dimension.</summary>
    /// <param name="attachment">The attachment.</param>
    /// <param name="rank">How many dimensions are asked for; null for any number from 1.</param>
    /// <exception cref="JsonException">The attachment has another number of dimensions than asked for.</exception>
    public static int[] ShapeOf(Attachment attachment, int? rank)
    {
        var shape = attachment.Kind == Kind.Bytes
            ? [attachment.Content.Length]
            : attachment.Shape.Select(static length => (int)length).ToArray();
        if (rank is null && shape.Length == 0)
        {
            throw Refused(attachment, "it is no array");
        }

        return shape.Length == (rank ?? shape.Length)
            ? shape
            : throw Refused(attachment, $"it does not have {rank} dimension{(rank == 1 ? "" : "s")}");
    }

    /// <summary>Returns the number of elements.</summary>
    public static int CountOf(Attachment attachment) => attachment.Content.Length / ElementKind.SizeOf(attachment.Kind);

    /// <summary>
    /// Copies the elements of an attachment to .NET memory. Elements of another kind are converted if the type of the memory holds every
    /// value of that kind, so that nothing is lost.
    /// </summary>
    /// <exception cref="JsonException">The type of the memory may not hold the elements.</exception>
    public static void Copy<T>(Attachment attachment, Span<T> to)
        where T : unmanaged
    {
        var (from, wanted) = (attachment.Kind == Kind.Bytes ? Kind.Uint8 : attachment.Kind, ElementKind.Of<T>());
        if (from == wanted)
        {
            MemoryMarshal.Cast<byte, T>(attachment.Content.Span).CopyTo(to);
        }
        else if (!Widening.TryCopy(from, attachment.Content.Span, to))
        {
            throw Refused(attachment, $"a {typeof(T).Name} cannot hold every {from.ToString().ToLowerInvariant()}");
        }
    }

    /// <summary>Returns the one number of an attachment that is no array.</summary>
    /// <exception cref="JsonException">The attachment is an array, or the type cannot hold the number.</exception>
    public static T ToNumber<T>(Attachment attachment)
        where T : unmanaged
    {
        if (attachment.Kind == Kind.Bytes || attachment.Shape.Count > 0)
        {
            throw Refused(attachment, "it is not one number");
        }

        Span<T> number = stackalloc T[1];
        Copy(attachment, number);
        return number[0];
    }

    /// <summary>Tells what is wrong with an attachment that a worker has sent; null if nothing is.</summary>
    public static string? FaultOf(Attachment attachment)
    {
        var size = (UInt128)ElementKind.SizeOf(attachment.Kind);
        if (size == 0)
        {
            return $"the kind {(int)attachment.Kind} is unknown";
        }

        if (attachment.Kind == Kind.Bytes)
        {
            return attachment.Shape.Count == 0 ? null : "bytes have no shape";
        }

        foreach (var length in attachment.Shape)
        {
            if (length > int.MaxValue)
            {
                return $"a dimension of {length:N0} is longer than arrays of .NET may be";
            }

            size = UInt128.Min(size * length, ulong.MaxValue); // a product of many dimensions must not overflow
        }

        if (size != (UInt128)attachment.Content.Length)
        {
            return $"{ElementKind.Describe(attachment)} has {attachment.Content.Length:N0} bytes";
        }

        return attachment.Kind == Kind.Bool && attachment.Content.Span.IndexOfAnyExceptInRange((byte)0, (byte)1) >= 0
            ? "an element of an array of bool is neither 0 nor 1"
            : null;
    }

    private static JsonException Refused(Attachment attachment, string reason) => new($"{ElementKind.Describe(attachment)}: {reason}");
}
