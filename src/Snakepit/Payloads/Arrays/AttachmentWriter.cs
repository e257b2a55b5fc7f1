using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Google.Protobuf;
using Snakepit.Memory;
using Snakepit.Protocol.V1;

namespace Snakepit.Payloads.Arrays;

/// <summary>
/// Writes a value as JSON, and collects what JSON cannot carry. A converter writes the digit 0 for it and hands the rest to
/// <c>Attach</c>, which finds the writer of the value by the thread.
/// </summary>
/// <param name="options">How values are written.</param>
/// <param name="memory">The shared memory for large attachments; null to leave them in the value.</param>
internal sealed class AttachmentWriter(JsonSerializerOptions options, HostMemory? memory) : IDisposable
{
    private const int Usual = 1024;
    private const int MostKept = 1024 * 1024;

    /// <summary>From how many bytes on an attachment lies in shared memory; below, a copy into the frame is faster.</summary>
    private const int SmallestShared = 64 * 1024;

    // The serializer writes a value on one thread, and gives converters nothing by which they could know for whom they write.
    [ThreadStatic]
    private static AttachmentWriter? _current;

    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions
    {
        Encoder = options.Encoder,
        MaxDepth = options.MaxDepth,
        SkipValidation = true, // the serializer's own converters write valid JSON
    });

    private readonly HostMemory? _memory = memory;
    private ArrayBufferWriter<byte> _bytes = new(Usual);
    private Attachments? _attachments;
    private SharedRanges? _ranges;
    private long _left;

    /// <summary>The JSON that was written.</summary>
    public ReadOnlySpan<byte> Json => _bytes.WrittenSpan;

    /// <summary>What JSON cannot carry; null if it carries all.</summary>
    public Attachments? Attachments => _attachments;

    /// <summary>The shared memory that attachments lie in; null if there is none. Whoever takes the value has to release it.</summary>
    public SharedRanges? Ranges => _ranges;

    /// <summary>Writes a value. The writer is empty afterwards, or has to be dropped, if this throws.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">How values of its type are written.</param>
    /// <param name="limit">How many bytes JSON and attachments may take together.</param>
    /// <exception cref="AttachmentsTooLargeException">The attachments alone are over the limit.</exception>
    public void Write(object? value, JsonTypeInfo type, long limit)
    {
        var outer = _current; // a property of the value may itself make a call on this thread
        (_current, _left) = (this, limit);
        _json.Reset(_bytes);
        try
        {
            JsonSerializer.Serialize(_json, value, type);
        }
        catch
        {
            _ranges?.Dispose();
            throw;
        }
        finally
        {
            _current = outer;
            _json.Flush();
        }
    }

    public void Dispose() => _json.Dispose();

    /// <summary>Forgets the value that was written, so that the writer can be used again.</summary>
    public void Clear()
    {
        (_attachments, _ranges) = (null, null);
        if (_bytes.Capacity > MostKept)
        {
            _bytes = new ArrayBufferWriter<byte>(Usual);
        }

        _bytes.ResetWrittenCount();
    }

    /// <summary>Writes the digit 0 to <paramref name="json"/>, and adds what stands in its place.</summary>
    /// <param name="json">The writer that the converter was given.</param>
    /// <param name="attachment">The kind and the shape.</param>
    /// <param name="content">The bytes, which are copied, once: into shared memory if there are many.</param>
    /// <exception cref="NotSupportedException">A converter of the application writes JSON of its own.</exception>
    /// <exception cref="SharedMemoryLimitException">There is no room in the shared memory.</exception>
    public static void Attach(Utf8JsonWriter json, Attachment attachment, ReadOnlySpan<byte> content)
    {
        var current = Place(json, attachment, content.Length);
        if (content.Length >= SmallestShared && current._memory?.Take(content.Length) is { } range)
        {
            content.CopyTo(range.GetSpan());
            current.AddShared(attachment, range);
        }
        else
        {
            current.AddCopy(attachment, content);
        }
    }

    /// <summary>Writes the digit 0 to <paramref name="json"/>, and adds an array in shared memory, which is not copied.</summary>
    /// <param name="json">The writer that the converter was given.</param>
    /// <param name="attachment">The kind and the shape.</param>
    /// <param name="range">The memory, which somebody uses already.</param>
    /// <exception cref="NotSupportedException">A converter of the application writes JSON of its own.</exception>
    /// <exception cref="ObjectDisposedException">The memory was given back meanwhile.</exception>
    public static void Attach(Utf8JsonWriter json, Attachment attachment, SharedRange range)
    {
        var current = Place(json, attachment, range.Length);
        ObjectDisposedException.ThrowIf(!range.TryUse(), typeof(SharedArray<>));
        if (range.Length > 0 && current._memory is { IsOff: false })
        {
            current.AddShared(attachment, range);
            return;
        }

        try
        {
            current.AddCopy(attachment, range.GetSpan());
        }
        finally
        {
            range.Release();
        }
    }

    private static AttachmentWriter Place(Utf8JsonWriter json, Attachment attachment, int bytes)
    {
        if (_current is not { } current || current._json != json)
        {
            throw new NotSupportedException(
                $"{ElementKind.Describe(attachment, bytes)} cannot be written into JSON that a converter of the application makes by "
                + "itself");
        }

        json.WriteRawValue("0"u8, skipInputValidation: true);
        attachment.At = (uint)(json.BytesCommitted + json.BytesPending - 1);
        return current;
    }

    private void AddShared(Attachment attachment, SharedRange range)
    {
        (_ranges ??= new SharedRanges()).Add(range);
        attachment.Shared = new Protocol.V1.MemoryRange
        {
            File = (uint)range.FileNumber,
            Offset = (ulong)range.Offset,
            Length = (ulong)range.Length,
        };
        Add(attachment);
    }

    private void AddCopy(Attachment attachment, ReadOnlySpan<byte> content)
    {
        _left -= content.Length;
        if (_left < 0)
        {
            throw new AttachmentsTooLargeException(); // before the bytes are copied
        }

        attachment.Content = ByteString.CopyFrom(content);
        Add(attachment);
    }

    private void Add(Attachment attachment)
    {
        _left -= attachment.CalculateSize() - attachment.Content.Length;
        if (_left < 0)
        {
            throw new AttachmentsTooLargeException();
        }

        (_attachments ??= new Attachments()).Items.Add(attachment);
    }
}

/// <summary>Thrown while a value is written whose attachments are larger than the payload limit.</summary>
internal sealed class AttachmentsTooLargeException : Exception;
